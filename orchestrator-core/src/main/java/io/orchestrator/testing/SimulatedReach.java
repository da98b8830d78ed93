package io.orchestrator.testing;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Waiter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands between a simulated host and what it reaches; the objects that come back are reached through the same. */
final class SimulatedReach implements InvocationHandler {
    private static final Set<String> EFFECTS = Set.of(
            "commit", "create", "start", "stop", "remove", "pull", "build", "createVolume", "removeVolume", "exec");
    private static final Set<String> LOCAL = Set.of("schemes", "close", "toString", "hashCode", "equals");
    private static final long LONGEST_WAY_NANOS = 2_000_000;

    private final SimulatedHost host;
    private final Object outside;
    private final boolean owned;
    private final Waiter way;

    private SimulatedReach(SimulatedHost host, Object outside, boolean owned) {
        this.host = host;
        this.outside = outside;
        this.owned = owned;
        this.way = host.waiter();
    }

    /**
     * The object as the host sees it.
     *
     * @param owned whether it is closed when the host closes it: a connection, but not what it leads to
     */
    static <T> T of(SimulatedHost host, Class<T> type, T outside, boolean owned) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new SimulatedReach(host, outside, owned)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (!owned && method.getName().equals("close")) {
            return null;
        }
        if (LOCAL.contains(method.getName())) {
            return call(method, arguments);
        }
        travel();
        boolean crashAfter = EFFECTS.contains(method.getName()) && host.beginEffect();
        try {
            return wrapped(call(method, arguments), arguments);
        } finally {
            if (crashAfter) {
                host.crash();
            }
            travel();
        }
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(outside, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    private void travel() {
        long nanos = Math.floorMod(host.simulation().chances().next(), LONGEST_WAY_NANOS);
        boolean unused = way.await(host::crashed, Duration.ofNanos(nanos));
        if (host.crashed()) {
            throw new OrchestratorException(ErrorCode.CANCELLED, "host '" + host.name() + "' crashed");
        }
    }

    private @Nullable Object wrapped(@Nullable Object answer, @Nullable Object @Nullable [] arguments) {
        if (answer instanceof NodeTransport node) {
            return of(host, NodeTransport.class, node, true);
        }
        if (answer instanceof Optional<?> ability
                && ability.isPresent()
                && arguments != null
                && arguments.length == 1
                && arguments[0] instanceof Class<?> type
                && type.isInterface()) {
            return Optional.of(ability(type, ability.get()));
        }
        return answer;
    }

    private <A> A ability(Class<A> type, Object ability) {
        return of(host, type, type.cast(ability), true);
    }
}
