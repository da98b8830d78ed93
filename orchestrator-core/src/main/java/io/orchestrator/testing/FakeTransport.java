package io.orchestrator.testing;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A connection to a fake node. */
final class FakeTransport implements FakeStores, NodeTransport, LogSource, ExecRunner {
    private final FakeNode node;
    private final String installation;
    private final HostRuntime runtime;
    private final Waiter waiter;
    private final List<Runnable> streams = new ArrayList<>();
    private boolean closed;

    FakeTransport(FakeNode node, String installation, HostRuntime runtime) {
        this.node = node;
        this.installation = installation;
        this.runtime = runtime;
        this.waiter = runtime.waiter();
    }

    @Override
    public FakeNode node() {
        return node;
    }

    @Override
    public String installation() {
        return installation;
    }

    @Override
    public <T> T handle(FakeVerb verb, String subject, CallContext call, Supplier<T> effect) {
        synchronized (streams) {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the connection to '" + node.name() + "' is closed");
            }
        }
        return node.handle(new FakeCall(verb, installation, subject), call, waiter, effect);
    }

    @Override
    public CompletableFuture<NodeReport> probe(CallContext call) {
        CompletableFuture<NodeReport> result = new CompletableFuture<>();
        runtime.execute("fake-probe", () -> {
            try {
                result.complete(handle(FakeVerb.PROBE, "", call, node::report));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    @Override
    public void list(CallContext call, Consumer<ObservedContainer> sink) {
        List<FakeContainer> found = handle(FakeVerb.LIST, "", call, node.engine()::all);
        found.stream()
                .filter(container -> container.ownedBy(installation))
                .map(FakeContainer::observe)
                .forEach(sink);
    }

    @Override
    public String create(CallContext call, CreateRequest request) {
        return handle(FakeVerb.CREATE, request.name(), call, () -> node.engine()
                .create(request, true)
                .id());
    }

    @Override
    public void start(CallContext call, String engineId) {
        change(FakeVerb.START, engineId, call, () -> own(engineId).start());
    }

    @Override
    public void stop(CallContext call, String engineId, Duration grace) {
        change(FakeVerb.STOP, engineId, call, () -> {
            FakeContainer container = own(engineId);
            if (!node.ignoresStop()) {
                FakeStop.stop(container, call, grace);
            }
        });
    }

    @Override
    public void remove(CallContext call, String engineId) {
        change(FakeVerb.REMOVE, engineId, call, () -> node.engine()
                .findOwn(installation, engineId)
                .ifPresent(node.engine()::remove));
    }

    @Override
    public Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
        return handle(FakeVerb.INSPECT, engineIdOrName, call, () -> node.engine()
                .find(engineIdOrName)
                .map(FakeContainer::observe));
    }

    @Override
    public void logs(
            CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
        FakeContainer container;
        try {
            container = handle(FakeVerb.LOGS, engineId, call, () -> own(engineId));
        } catch (OrchestratorException failure) {
            OutputFeed nothing = new OutputFeed(waiter, FailedSource.INSTANCE, subscriber, () -> {});
            nothing.fail(failure);
            nothing.begin(runtime);
            return;
        }
        List<Runnable> cleanups = new ArrayList<>();
        OutputFeed feed = new OutputFeed(
                container.waiter(), container.logs(query), subscriber, () -> cleanups.forEach(Runnable::run));
        cleanups.add(call.onCancel(
                () -> feed.fail(new OrchestratorException(ErrorCode.CANCELLED, "reading the logs was cancelled"))));
        cleanups.add(keep(() -> feed.fail(
                new OrchestratorException(ErrorCode.CLOSED, "the connection to '" + node.name() + "' was closed"))));
        feed.begin(runtime);
    }

    @Override
    public ExecSession exec(
            CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        return handle(FakeVerb.EXEC, engineId, call, () -> {
            List<Runnable> cleanups = new ArrayList<>();
            FakeExecSession session =
                    new FakeExecSession(own(engineId), spec, subscriber, () -> cleanups.forEach(Runnable::run));
            cleanups.add(keep(session::disconnect));
            session.begin(spec, runtime);
            return session;
        });
    }

    @Override
    public void close() {
        List<Runnable> toEnd;
        synchronized (streams) {
            closed = true;
            toEnd = List.copyOf(streams);
            streams.clear();
        }
        toEnd.forEach(Runnable::run);
        waiter.wake();
    }

    private FakeContainer own(String engineId) {
        return node.engine().own(installation, engineId);
    }

    /** Has the action run when the connection is closed; returns what forgets it. */
    private Runnable keep(Runnable onClose) {
        synchronized (streams) {
            streams.add(onClose);
        }
        return () -> {
            synchronized (streams) {
                streams.remove(onClose);
            }
        };
    }
}
