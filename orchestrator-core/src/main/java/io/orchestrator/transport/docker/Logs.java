package io.orchestrator.transport.docker;

import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads what containers wrote. Thread-safe. */
final class Logs {
    private final EngineClient client;

    Logs(EngineClient client) {
        this.client = client;
    }

    void open(CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
        Stream stream = new Stream(call, engineId, query);
        client.runtime().execute("logs", () -> stream.run(subscriber));
    }

    /** One reading, from its request to its end. */
    private final class Stream {
        private final CallContext call;
        private final String id;
        private final LogQuery query;
        private final AtomicReference<@Nullable Exchange> exchange = new AtomicReference<>();
        private volatile boolean unwanted;

        Stream(CallContext call, String engineId, LogQuery query) {
            this.call = call;
            this.id = Containers.checked(engineId);
            this.query = query;
        }

        void run(Flow.Subscriber<? super OutputChunk> subscriber) {
            OutputPump pump = new OutputPump(subscriber, client.runtime().waiter(), this::abandon);
            // a cancel must also end the wait of a pump that nobody asks for more
            Runnable forget = call.onCancel(pump::discard);
            try {
                pump.run(this::connect, true);
            } finally {
                forget.run();
                Exchange open = exchange.get();
                if (open != null) {
                    client.finish(open);
                }
            }
        }

        private ResponseBody connect() {
            String what = client.named("logs of '" + id + "'");
            String path = "/containers/" + id + "/logs?stdout=1&stderr=1&follow=" + (query.follow() ? "1" : "0")
                    + "&tail=" + (query.tail() < 0 ? "all" : Integer.toString(query.tail()));
            Response response = client.open(call, Request.get(what, path), false);
            exchange.set(response.exchange());
            if (unwanted) {
                throw new OrchestratorException(ErrorCode.CANCELLED, what + " was cancelled");
            }
            return response.stream();
        }

        private void abandon() {
            unwanted = true;
            Exchange open = exchange.get();
            if (open != null) {
                open.cut(Exchange.Cut.CANCELLED);
            }
        }
    }
}
