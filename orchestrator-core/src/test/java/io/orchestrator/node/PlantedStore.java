package io.orchestrator.node;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.StoreOverlay;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A store that outlives the orchestrators which close it, notes who calls, and lets tests come in between. */
final class PlantedStore extends StoreOverlay {
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private final Map<String, Runnable> after = new ConcurrentHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    PlantedStore() {
        super(MemoryStore.create());
    }

    /** Runs the action on the committing thread once, after the next commit of that event. */
    void after(String event, Runnable action) {
        after.put(event, action);
    }

    /** Refuses the next commit of that event. */
    void failNext(String event) {
        failing.add(event);
    }

    Set<Thread> callers() {
        return callers;
    }

    void forgetCallers() {
        callers.clear();
    }

    ResourceRecord node(String id) {
        return find(new RecordKey("node", id)).orElseThrow();
    }

    void damage(String id, UnaryOperator<ResourceRecord> change) {
        super.commit(new Commit(List.of(Commit.Change.put(change.apply(node(id)))), List.of()));
    }

    @Override
    public CommitResult commit(Commit commit) {
        callers.add(Thread.currentThread());
        String event = commit.journal().get(0).event();
        if (failing.remove(event)) {
            throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "planted: the store is away");
        }
        CommitResult result = super.commit(commit);
        Runnable action = after.remove(event);
        if (action != null) {
            action.run();
        }
        return result;
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        callers.add(Thread.currentThread());
        return super.find(key);
    }

    @Override
    public void close() {
        // what is in the heap is not given back
    }
}
