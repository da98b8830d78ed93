package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.orchestrator.operation.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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
        CompletableFuture<T> end = operation.toFuture().orTimeout(wait.toSeconds(), TimeUnit.SECONDS);
        ctx.future(() -> end.thenApplyAsync(view, executor).handle((answer, failure) -> {
            if (failure == null) {
                Json.answer(ctx, 200, answer);
            } else {
                Errors.answer(ctx, failure);
            }
            return null;
        }));
    }
}
