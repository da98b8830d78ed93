package io.orchestrator.testing;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OutcomeUnknownException;
import java.time.Duration;
import java.util.Optional;

/** The one verb that waits for a container. */
final class FakeStop {
    private FakeStop() {}

    /** Signals, and kills after the grace even if the caller no longer waits by then, as engines do. */
    static void stop(FakeContainer container, CallContext call, Duration grace) {
        Optional<Life> running = container.firstProcess();
        if (running.isEmpty()) {
            return;
        }
        Life first = running.get();
        first.signal(Signals.number(container.request().spec().stopSignal()));
        Runnable forget = container.engine().runtime().schedule(grace, first::kill);
        Runnable forgetCancel = call.onCancel(container.waiter()::wake);
        try {
            boolean ended = container.waiter().await(() -> first.ended() || call.cancelled(), call.remaining());
            if (!ended || !first.ended()) {
                throw new OutcomeUnknownException("stop of '" + container.id() + "' did not end in time", null);
            }
            forget.run();
            container.waiter().await(() -> !container.runs(first), Life.FOREVER);
        } finally {
            forgetCancel.run();
        }
    }
}
