package io.orchestrator.testing;

import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A correct transport without abilities, to plant a bug into. */
public class TransportOverlay implements NodeTransport {
    private final NodeTransport correct;

    public TransportOverlay(NodeTransport correct) {
        this.correct = correct;
    }

    @Override
    public CompletableFuture<NodeReport> probe(CallContext call) {
        return correct.probe(call);
    }

    @Override
    public void list(CallContext call, Consumer<ObservedContainer> sink) {
        correct.list(call, sink);
    }

    @Override
    public String create(CallContext call, CreateRequest request) {
        return correct.create(call, request);
    }

    @Override
    public void start(CallContext call, String engineId) {
        correct.start(call, engineId);
    }

    @Override
    public void stop(CallContext call, String engineId, Duration grace) {
        correct.stop(call, engineId, grace);
    }

    @Override
    public void remove(CallContext call, String engineId) {
        correct.remove(call, engineId);
    }

    @Override
    public Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
        return correct.inspect(call, engineIdOrName);
    }

    @Override
    public void close() {
        correct.close();
    }
}
