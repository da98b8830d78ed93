package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.net.UnixDomainSocketAddress;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends requests to one engine, in the newest version of its API that both sides know. Thread-safe. */
final class EngineClient implements AutoCloseable {
    /** Docker 20.10 and Podman 4. */
    private static final int OLDEST_MINOR = 41;
    /** The oldest that Docker 29 still takes, and all that is needed here. */
    private static final int NEWEST_MINOR = 44;

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})");

    private final HostRuntime runtime;
    private final UnixDomainSocketAddress address;
    private final String nodeName;
    private final SocketPool pool = new SocketPool();
    private final Watchdog watchdog;
    private volatile String versionPrefix = "";

    EngineClient(HostRuntime runtime, UnixDomainSocketAddress address, String nodeName) {
        this.runtime = runtime;
        this.address = address;
        this.nodeName = nodeName;
        this.watchdog = new Watchdog(runtime);
    }

    HostRuntime runtime() {
        return runtime;
    }

    /** Names something that is done on this node, for errors. */
    String named(String what) {
        return what + " on node '" + nodeName + "'";
    }

    /** The minor number of the API's version that is spoken. */
    int apiMinor(CallContext call) {
        String prefix = versionPrefix(call);
        return Integer.parseInt(prefix.substring(prefix.indexOf('.') + 1));
    }

    /** Sends the request and reads its answer on the calling thread; the answer is gone when this returns. */
    <T> T call(CallContext call, Request request, Function<Response, T> reader) {
        return send(call, request, versionPrefix(call), reader);
    }

    /** Asks for a sign of life, which also tells the version. */
    void ping(CallContext call) {
        versionPrefix = send(call, pingRequest(), "", this::agreedVersion);
    }

    /**
     * Sends the request and leaves its answer open, for a stream without a deadline.
     *
     * @param upgrade whether the connection is to be taken over for bytes in both directions
     */
    Response open(CallContext call, Request request, boolean upgrade) {
        String prefix = versionPrefix(call);
        Exchange exchange = new Exchange(watchdog, pool, pool.open(), call, request);
        boolean opened = false;
        try {
            exchange.arm();
            exchange.connect(address);
            exchange.send(prefix, upgrade);
            Response response = exchange.receive(upgrade);
            if (response.status() >= 300) {
                throw response.refusal().asException();
            }
            exchange.becomeStream();
            opened = true;
            return response;
        } finally {
            if (!opened) {
                finish(exchange);
            }
        }
    }

    private <T> T send(CallContext call, Request request, String prefix, Function<Response, T> reader) {
        for (boolean mayRetry = !request.changes(); ; mayRetry = false) {
            EngineSocket kept = kept(request, mayRetry);
            Exchange exchange = new Exchange(watchdog, pool, kept == null ? pool.open() : kept, call, request);
            try {
                exchange.arm();
                if (kept == null) {
                    exchange.connect(address);
                }
                exchange.send(prefix, false);
                Response response = exchange.receive(false);
                T result = reader.apply(response);
                response.body().skipShortRest();
                return result;
            } catch (OrchestratorException failure) {
                // an engine that was restarted closed the connections we kept
                if (kept == null || !mayRetry || !exchange.diedUnanswered()) {
                    throw failure;
                }
            } finally {
                finish(exchange);
            }
        }
    }

    /** A kept connection; for a change only one that was just seen alive, as a change is never sent twice. */
    private @Nullable EngineSocket kept(Request request, boolean mayRetry) {
        if (!request.changes() && !mayRetry) {
            return null;
        }
        EngineSocket socket = pool.take(runtime.nanoTime());
        if (socket != null && request.changes() && !socket.alive()) {
            pool.discard(socket);
            pool.dropIdle();
            return null;
        }
        return socket;
    }

    /** Gives back the connection of an exchange that ended or is given up. Idempotent. */
    void finish(Exchange exchange) {
        if (exchange.lost()) {
            versionPrefix = "";
            pool.dropIdle();
        }
        exchange.end(runtime.nanoTime());
    }

    private String versionPrefix(CallContext call) {
        String known = versionPrefix;
        if (known.isEmpty()) {
            known = send(call, pingRequest(), "", this::agreedVersion);
            versionPrefix = known;
        }
        return known;
    }

    private Request pingRequest() {
        return Request.get(named("ping"), "/_ping");
    }

    private String agreedVersion(Response response) {
        response.expect(200);
        Matcher version = VERSION.matcher(response.head().apiVersion());
        if (!version.matches()) {
            throw response.protocolError("the answer names no API version, so it is not an engine's");
        }
        int theirs = Integer.parseInt(version.group(2));
        if (!version.group(1).equals("1") || theirs < OLDEST_MINOR) {
            throw new OrchestratorException(
                    ErrorCode.UNSUPPORTED,
                    response.what() + ": the engine's API " + version.group() + " is older than 1." + OLDEST_MINOR
                            + "; use Docker 20.10 or later");
        }
        return "/v1." + Math.min(theirs, NEWEST_MINOR);
    }

    /** Cuts every stream and every connection. Idempotent. */
    @Override
    public void close() {
        pool.close();
        watchdog.close();
    }
}
