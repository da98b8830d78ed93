package io.orchestrator.examples.controlplane;

import io.javalin.config.RoutesConfig;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerState;
import io.orchestrator.terminal.CloseReason;
import io.orchestrator.terminal.TerminalProxy;
import io.orchestrator.terminal.TerminalRefusedException;
import io.orchestrator.terminal.TerminalRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /ws/terminal/{node_id}/{container_id}}: everything is decided before the connection is upgraded. */
final class TerminalRoute {
    /** What clients offer that want bytes in binary frames and control messages in text frames. */
    static final String SUBPROTOCOL = "orchestrator.terminal.v1";

    static final String PATH = "/ws/terminal/{node_id}/{container_id}";

    private static final Logger LOG = LoggerFactory.getLogger(TerminalRoute.class);
    private static final Pattern REQUESTED = Pattern.compile("/ws/terminal/([A-Za-z0-9._-]{1,63})/([A-Za-z0-9]{1,64})");

    private final Access access;
    private final ContainerLauncher containers;
    private final TerminalProxy terminals;
    private final ServerMetrics metrics;
    private final Pings pings;

    TerminalRoute(
            Access access, ContainerLauncher containers, TerminalProxy terminals, ServerMetrics metrics, Pings pings) {
        this.access = access;
        this.containers = containers;
        this.terminals = terminals;
        this.metrics = metrics;
        this.pings = pings;
    }

    /** Upgrades never get this far: {@link TerminalUpgrade} takes them out before. */
    void addTo(RoutesConfig routes) {
        routes.get(
                PATH,
                ctx -> {
                    throw ApiException.of(426, "this path takes WebSocket connections only", "Upgrade", "websocket");
                },
                Role.USER);
    }

    /** The ids in a path that can be a terminal's; none otherwise. */
    static Map<String, String> pathIds(HttpServletRequest request) {
        Matcher path = REQUESTED.matcher(request.getRequestURI());
        return path.matches() ? Map.of("node", path.group(1), "container", path.group(2)) : Map.of();
    }

    /**
     * Upgrades the connection, or throws what to answer instead.
     *
     * @param ids what the terminal's opening is logged with
     */
    void upgrade(HttpServletRequest request, HttpServletResponse response, Map<String, String> ids) throws IOException {
        Principal caller = access.require(request, Role.USER);
        if (request.getHeader("Origin") != null) {
            throw ApiException.of(403, "connections from web pages are not accepted");
        }
        Matcher path = REQUESTED.matcher(request.getRequestURI());
        if (!path.matches()) {
            throw ApiException.notFound("Container");
        }
        ContainerState container =
                ContainerRoutes.find(containers, caller, path.group(2)).state();
        if (!container.node().value().equals(path.group(1))) {
            throw ApiException.notFound("Container");
        }
        JettyWebSocketServerContainer server = JettyWebSocketServerContainer.getContainer(request.getServletContext());
        boolean upgraded = server.upgrade(
                (asked, answer) -> {
                    boolean framed = asked.hasSubProtocol(SUBPROTOCOL);
                    if (framed) {
                        answer.setAcceptedSubProtocol(SUBPROTOCOL);
                    }
                    // no compression: what a shell shows would leak through its length, and bombs could come in
                    answer.setExtensions(List.of());
                    return new TerminalSocket(
                            new Opening(container, ids, server.getExecutor()), framed, banner(container));
                },
                request,
                response);
        if (!upgraded && !response.isCommitted()) {
            throw ApiException.of(400, "not a WebSocket handshake");
        }
    }

    void refused(HttpServletRequest request, int status) {
        metrics.request(request.getMethod(), PATH, status, Duration.ZERO);
    }

    private static List<String> banner(ContainerState container) {
        String shortId = container.engineId().orElse(container.id().value());
        return List.of(
                "=== Docker Terminal Session Started ===\n",
                "Container: " + ContainerViews.name(container) + " ("
                        + shortId.substring(0, Math.min(12, shortId.length())) + ")\n",
                "Status: " + ContainerViews.word(container.status()) + "\n",
                "Image: " + container.spec().image() + "\n",
                "=".repeat(40) + "\n");
    }

    /** What one socket gets from this route. */
    private final class Opening implements TerminalSocket.Host {
        private final ContainerState container;
        private final Map<String, String> ids;
        private final Executor executor;

        Opening(ContainerState container, Map<String, String> ids, Executor executor) {
            this.container = container;
            this.ids = ids;
            this.executor = executor;
        }

        @Override
        public void open(TerminalSocket socket) {
            metrics.webSockets().incrementAndGet();
            metrics.request("GET", PATH, 101, Duration.ZERO);
            // elsewhere, as it waits for the node
            executor.execute(() -> RequestLog.with(ids, () -> openTerminal(socket)));
        }

        private void openTerminal(TerminalSocket socket) {
            try {
                terminals.open(TerminalRequest.builder(container.id()).build(), socket);
            } catch (TerminalRefusedException refused) {
                socket.refuse(refused.reason(), line(refused.reason()));
            } catch (RuntimeException failure) {
                LOG.error("the terminal into container '{}' could not be opened", container.id(), failure);
                socket.fail();
            }
        }

        private String line(CloseReason reason) {
            return reason.code() == CloseReason.Code.CONTAINER_GONE
                    ? "ERROR: Cannot connect to terminal: Container '" + ContainerViews.name(container) + "' is "
                            + ContainerViews.word(container.status()) + ", not running\n"
                    : "ERROR: Cannot connect to terminal: " + reason.text() + "\n";
        }

        @Override
        public Pings pings() {
            return pings;
        }

        @Override
        public void closed() {
            metrics.webSockets().decrementAndGet();
        }
    }
}
