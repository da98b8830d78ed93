package io.orchestrator.transport.process;

import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;

/** The log streams that are open now, each with a thread of its own. */
final class LogStreams {
    private final HostRuntime runtime;
    private final ProcessTable processes;
    private final Set<Delivery> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    LogStreams(HostRuntime runtime, ProcessTable processes) {
        this.runtime = runtime;
        this.processes = processes;
    }

    void open(
            CallContext call,
            Optional<ContainerHome> home,
            String engineId,
            LogQuery query,
            Flow.Subscriber<? super OutputChunk> subscriber) {
        Delivery delivery = new Delivery(runtime, subscriber);
        open.add(delivery);
        Runnable forget =
                call.onCancel(() -> delivery.abort(ErrorCode.CANCELLED, "logs of '" + engineId + "' were cancelled"));
        try {
            runtime.execute("logs", () -> {
                try {
                    delivery.begin();
                    deliver(call, home, engineId, query, delivery);
                } finally {
                    open.remove(delivery);
                    forget.run();
                    delivery.end();
                }
            });
        } catch (OrchestratorException refused) {
            open.remove(delivery);
            forget.run();
            throw refused;
        }
        if (closed) {
            close();
        }
    }

    private void deliver(
            CallContext call, Optional<ContainerHome> home, String engineId, LogQuery query, Delivery delivery) {
        if (home.isEmpty()) {
            delivery.abort(ErrorCode.NOT_FOUND, "no container '" + engineId + "'");
            return;
        }
        try {
            call.check("logs of '" + engineId + "'");
            new LogPump(home.get(), query, delivery, processes, runtime).run();
        } catch (OrchestratorException failure) {
            delivery.abort(failure.code(), String.valueOf(failure.getMessage()));
        }
    }

    void close() {
        closed = true;
        open.forEach(delivery -> delivery.abort(ErrorCode.CLOSED, "the connection to the node was closed"));
    }
}
