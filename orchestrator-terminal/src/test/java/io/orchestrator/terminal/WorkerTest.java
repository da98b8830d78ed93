package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private final VirtualRuntime runtime = new VirtualRuntime();

    @Test
    void wake_justAfterTheLastLook_leadsToAnother() {
        AtomicInteger looks = new AtomicInteger();
        Worker[] worker = new Worker[1];
        worker[0] = new Worker(runtime, "test", () -> {
            // what comes between "there is nothing" and the end of the task
            if (looks.incrementAndGet() == 1) {
                worker[0].wake();
            }
            return false;
        });

        worker[0].wake();
        runtime.settle();

        assertThat(looks).hasValue(2);
    }

    @Test
    void wake_manyPieces_doesThemInOrderAndEnds() {
        Deque<Integer> work = new ArrayDeque<>();
        Deque<Integer> done = new ArrayDeque<>();
        Worker worker = new Worker(runtime, "test", () -> {
            Integer piece = work.poll();
            if (piece != null) {
                done.add(piece);
            }
            return piece != null;
        });

        for (int i = 1; i <= 3; i++) {
            work.add(i);
            worker.wake();
        }
        runtime.settle();

        assertThat(done).containsExactly(1, 2, 3);
    }
}
