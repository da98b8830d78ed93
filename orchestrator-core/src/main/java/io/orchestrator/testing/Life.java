package io.orchestrator.testing;

import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * The part of a fake process that signals reach. It ends once: when its program returns or a signal kills it, whichever
 * comes first; from then on everything the program's thread asks throws {@link Killed}.
 *
 * <p>Thread-safe. Nothing foreign is called under its lock, the waiter neither, whose conditions take this lock.
 */
final class Life {
    /** Longer than any test. */
    static final Duration FOREVER = Duration.ofDays(365);

    private static final int KILL = 9;

    private final Waiter waiter;
    private final TreeMap<Integer, Runnable> handlers = new TreeMap<>();
    private final TreeSet<Integer> ignored = new TreeSet<>();
    private final List<IntConsumer> onEnd = new ArrayList<>();
    private OptionalInt exitCode = OptionalInt.empty();

    Life(Waiter waiter) {
        this.waiter = waiter;
    }

    /** A new process that ignores what this one ignores, as a fork does. */
    Life child() {
        Life child = new Life(waiter);
        synchronized (handlers) {
            child.ignored.addAll(ignored);
        }
        return child;
    }

    Waiter waiter() {
        return waiter;
    }

    void ignore(int signal) {
        synchronized (handlers) {
            ignored.add(signal);
        }
    }

    void handle(int signal, Runnable handler) {
        synchronized (handlers) {
            ignored.remove(signal);
            handlers.put(signal, handler);
        }
    }

    void handleByDefault(int signal) {
        synchronized (handlers) {
            ignored.remove(signal);
            handlers.remove(signal);
        }
    }

    /** What an exec does: what is ignored stays ignored, what is handled is not any more. */
    void forgetHandlers() {
        synchronized (handlers) {
            handlers.clear();
        }
    }

    void signal(int signal) {
        Runnable handler;
        synchronized (handlers) {
            if (signal != KILL && ignored.contains(signal)) {
                return;
            }
            handler = signal == KILL ? null : handlers.get(signal);
        }
        if (handler == null) {
            end(128 + signal);
        } else {
            handler.run();
            waiter.wake();
        }
    }

    void kill() {
        end(128 + KILL);
    }

    void end(int code) {
        List<IntConsumer> toTell;
        synchronized (handlers) {
            if (exitCode.isPresent()) {
                return;
            }
            exitCode = OptionalInt.of(code);
            toTell = List.copyOf(onEnd);
        }
        toTell.forEach(listener -> listener.accept(code));
        waiter.wake();
    }

    /** Calls the listener with the exit code when it ends; register before it begins. */
    void onEnd(IntConsumer listener) {
        synchronized (handlers) {
            onEnd.add(listener);
        }
    }

    OptionalInt exitCode() {
        synchronized (handlers) {
            return exitCode;
        }
    }

    boolean ended() {
        return exitCode().isPresent();
    }

    void check() {
        if (ended()) {
            throw new Killed();
        }
    }

    /** Waits until the condition holds or time is up; returns whether it holds. */
    boolean await(BooleanSupplier condition, Duration timeout) {
        boolean held = waiter.await(() -> ended() || condition.getAsBoolean(), timeout);
        check();
        return held;
    }
}
