package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.orchestrator.operation.Operation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers requests whose operation takes a while, without a thread that waits for it. */
final class Pending {
    private final Executor executor;

    /** @param executor runs what follows the end of an operation: reading the result and writing the answer */
    Pending(Executor executor) {
        this.executor = executor;
    }

    /** Answers when the operation ended, or with 504 when the time is over; the operation then goes on. */
    <T> void answer(Context ctx, Operation<T> operation, Duration wait, Function<T, JsonNode> view) {
        RequestLog.note(ctx, "operation", operation.id().value());
        answer(ctx, operation.toFuture().orTimeout(wait.toSeconds(), TimeUnit.SECONDS), view, () -> {});
    }

    /**
     * Answers when the future ended.
     *
     * @param written called when the answer was written, or cannot be
     */
    <T> void answer(Context ctx, CompletableFuture<T> end, Function<T, JsonNode> view, Runnable written) {
        // handleAsync, as thenApplyAsync stays on the thread that failed: the library's own, or the JVM's one timer
        ctx.future(() -> end.handleAsync(
                (result, failure) -> {
                    RequestLog.with(ctx, () -> answer(ctx, result, failure, view));
                    ctx.result(new ClosingInput(Objects.requireNonNull(ctx.resultInputStream()), written));
                    return null;
                },
                executor));
    }

    private static <T> void answer(Context ctx, T result, @Nullable Throwable failure, Function<T, JsonNode> view) {
        if (failure != null) {
            Errors.answer(ctx, failure);
            return;
        }
        try {
            Json.answer(ctx, 200, view.apply(result));
        } catch (RuntimeException unanswerable) {
            Errors.answer(ctx, unanswerable);
        }
    }
}
