package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerExec;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ExecResult;
import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** Commands run by the container's node. */
record NodeExec(ContainerId id, Containers containers) implements ContainerExec {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_COLLECTED = 16 << 20;

    @Override
    public ExecResult run(ExecSpec spec, InputStream input, Duration timeout) {
        CallContext call = CallContext.startingNow(containers.runtime::nanoTime, timeout);
        Output stdout = new Output();
        Output stderr = new Output();
        Collector collector = new Collector(
                containers.runtime,
                chunk -> (chunk.stream() == StreamKind.STDERR ? stderr : stdout).add(chunk.bytes()),
                () -> {});
        Waiter ended = containers.runtime.waiter();
        AtomicBoolean late = new AtomicBoolean();
        Runnable disarm = () -> {};
        try (ExecSession session = open(call, spec, collector)) {
            var unused = session.exit().whenComplete((code, failure) -> ended.wake());
            // the caller's thread may be reading the input then
            disarm = containers.runtime.schedule(call.remaining(), () -> {
                late.set(true);
                containers.runtime.execute("exec-deadline", () -> closeQuietly(session));
            });
            feed(session, input, call);
            if (!ended.await(session.exit()::isDone, call.remaining()) || late.get()) {
                throw new OrchestratorException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "a command in container '" + id + "' did not end within " + timeout + " and was killed");
            }
            return new ExecResult(
                    exitCode(session.exit()), stdout.bytes(), stderr.bytes(), stdout.truncated || stderr.truncated);
        } finally {
            disarm.run();
        }
    }

    private static void closeQuietly(ExecSession session) {
        try {
            session.close();
        } catch (OrchestratorException unconfirmed) {
            // the caller closes it once more and tells
        }
    }

    @Override
    public ExecSession open(ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        return open(CallContext.startingNow(containers.runtime::nanoTime, START_TIMEOUT), spec, subscriber);
    }

    private ExecSession open(CallContext call, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        StoredContainer container = containers.read(id);
        String engineId = containers.engineId(container);
        return containers.ability(container, ExecRunner.class).exec(call, engineId, spec, subscriber);
    }

    private static void feed(ExecSession session, InputStream input, CallContext call) {
        byte[] buffer = new byte[OutputChunk.MAX_BYTES];
        try {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                session.write(ByteBuffer.wrap(buffer, 0, read), call.remaining());
            }
            session.closeInput();
        } catch (IOException unreadable) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the command's input could not be read: " + unreadable.getMessage(),
                    unreadable);
        } catch (OrchestratorException failure) {
            // a command may end without reading all of its input
            if (failure.code() != ErrorCode.CLOSED) {
                throw failure;
            }
        }
    }

    private static int exitCode(CompletableFuture<Integer> exit) {
        try {
            return exit.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof OrchestratorException reason) {
                throw reason;
            }
            throw failed;
        }
    }

    /** Collected output; written by the transport's one delivering thread, read after the end. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean truncated;

        synchronized void add(ByteBuffer chunk) {
            int room = Math.min(chunk.remaining(), MAX_COLLECTED - bytes.size());
            truncated |= room < chunk.remaining();
            byte[] piece = new byte[room];
            chunk.get(piece);
            bytes.write(piece, 0, room);
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
