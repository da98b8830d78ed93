package io.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.spi.HostRuntime;
import io.orchestrator.testing.RuntimeOverlay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Correct threads whose tasks a test can wait for, and which can be refused by role. */
final class PlantedThreads extends RuntimeOverlay {
    private final Map<String, List<CompletableFuture<Void>>> tasks = new ConcurrentHashMap<>();
    private final Map<String, Runnable> before = new ConcurrentHashMap<>();
    private volatile String refused = "nothing";

    PlantedThreads(HostRuntime correct) {
        super(correct);
    }

    /** Has no thread for that role from now on. */
    void refuse(String role) {
        refused = role;
    }

    /** Runs the action before each task of that role, on its thread. */
    void before(String role, Runnable action) {
        before.put(role, action);
    }

    /** Waits until every probe has ended, and what it began. */
    void settle() {
        await("fake-probe");
        await("node-status");
    }

    /** Waits until every task of that role has ended. */
    void await(String role) {
        List<CompletableFuture<Void>> all = tasks(role);
        synchronized (all) {
            all = List.copyOf(all);
        }
        assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(20));
    }

    @Override
    public void execute(String role, Runnable task) {
        if (role.equals(refused)) {
            throw new Error("planted: unable to create native thread");
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        List<CompletableFuture<Void>> all = tasks(role);
        synchronized (all) {
            all.add(ended);
        }
        super.execute(role, () -> {
            try {
                before.getOrDefault(role, () -> {}).run();
                task.run();
            } finally {
                ended.complete(null);
            }
        });
    }

    private List<CompletableFuture<Void>> tasks(String role) {
        return tasks.computeIfAbsent(role, unused -> new ArrayList<>());
    }
}
