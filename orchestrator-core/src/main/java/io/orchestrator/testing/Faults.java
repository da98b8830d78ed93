package io.orchestrator.testing;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Supplier;

/** What is wrong with a fake node at the moment. Thread-safe. */
final class Faults {
    private enum Loss {
        NONE,
        REQUEST,
        REPLY
    }

    private final String node;
    private final SplitMix random;
    private final EnumMap<FakeVerb, Integer> repliesToLose = new EnumMap<>(FakeVerb.class);
    private final EnumMap<FakeVerb, Integer> toRefuse = new EnumMap<>(FakeVerb.class);
    private final List<Waiter> paused = new ArrayList<>();
    private int stopsToIgnore;
    private boolean down;
    private boolean hanging;
    private double losing;
    private Duration delay = Duration.ZERO;

    Faults(String node, long seed) {
        this.node = node;
        this.random = new SplitMix(seed);
    }

    synchronized void down(boolean value) {
        down = value;
    }

    /** Calls that hang go on, late, when the node stops hanging. */
    void hanging(boolean value) {
        List<Waiter> released;
        synchronized (this) {
            hanging = value;
            released = List.copyOf(paused);
        }
        released.forEach(Waiter::wake);
    }

    synchronized void losing(double probability) {
        losing = probability;
    }

    synchronized void delay(Duration value) {
        delay = value;
    }

    synchronized void loseReplies(FakeVerb verb, int count) {
        repliesToLose.merge(verb, count, Integer::sum);
    }

    synchronized void refuse(FakeVerb verb, int count) {
        toRefuse.merge(verb, count, Integer::sum);
    }

    synchronized void ignoreStops(int count) {
        stopsToIgnore += count;
    }

    /** Whether this stop is one that has no effect. */
    synchronized boolean ignoresStop() {
        return stopsToIgnore > 0 && stopsToIgnore-- > 0;
    }

    /** Lets the effect happen and its answer through, or not, as the faults of this moment are. */
    <T> T apply(FakeVerb verb, CallContext call, Waiter waiter, Supplier<T> effect) {
        String what = verb + " on fake node '" + node + "'";
        call.check(what);
        if (isDown()) {
            throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, what + " was not sent: the node is down");
        }
        Duration late = delayNow();
        if (!late.isZero()) {
            pause(call, waiter, late);
            checkSent(verb, call, what);
        }
        if (refusesNow(verb)) {
            throw new OrchestratorException(ErrorCode.ENGINE_ERROR, what + " was refused");
        }
        Loss loss = lossNow(verb);
        if (loss == Loss.REQUEST) {
            throw lost(verb, what);
        }
        T answer = effect.get();
        if (loss == Loss.REPLY) {
            throw lost(verb, what);
        }
        return answer;
    }

    private void checkSent(FakeVerb verb, CallContext call, String what) {
        if (verb.changes() && (call.cancelled() || call.expired())) {
            throw new OutcomeUnknownException(what + " had no answer in time", null);
        }
        call.check(what);
    }

    private static OrchestratorException lost(FakeVerb verb, String what) {
        return verb.changes()
                ? new OutcomeUnknownException(what + " lost its answer", null)
                : new OrchestratorException(ErrorCode.NODE_UNREACHABLE, what + " lost its answer");
    }

    private void pause(CallContext call, Waiter waiter, Duration duration) {
        boolean untilReleased = duration.equals(Life.FOREVER);
        Runnable forget = call.onCancel(waiter::wake);
        synchronized (this) {
            paused.add(waiter);
        }
        try {
            Duration left = call.remaining();
            waiter.await(
                    () -> call.cancelled() || (untilReleased && !isHanging()),
                    duration.compareTo(left) < 0 ? duration : left);
        } finally {
            forget.run();
            synchronized (this) {
                paused.remove(waiter);
            }
        }
    }

    private synchronized boolean isHanging() {
        return hanging;
    }

    private synchronized boolean isDown() {
        return down;
    }

    private synchronized Duration delayNow() {
        return hanging ? Life.FOREVER : delay;
    }

    private synchronized boolean refusesNow(FakeVerb verb) {
        int left = toRefuse.getOrDefault(verb, 0);
        if (left > 0) {
            toRefuse.put(verb, left - 1);
        }
        return left > 0;
    }

    private synchronized Loss lossNow(FakeVerb verb) {
        int toLose = repliesToLose.getOrDefault(verb, 0);
        if (toLose > 0) {
            repliesToLose.put(verb, toLose - 1);
            return Loss.REPLY;
        }
        if (losing == 0 || random.fraction() >= losing) {
            return Loss.NONE;
        }
        return random.fraction() < 0.5 ? Loss.REQUEST : Loss.REPLY;
    }
}
