package io.orchestrator.examples.controlplane;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/**
 * Takes WebSocket handshakes out before the web framework, whose own sockets cannot ask for one frame at a time.
 *
 * <p>It serves every path: one that has no sockets is refused as any other unknown path is.
 */
final class TerminalUpgrade implements Filter {
    private final TerminalRoute terminal;

    TerminalUpgrade(TerminalRoute terminal) {
        this.terminal = terminal;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        try {
            if ("websocket".equalsIgnoreCase(asked.getHeader("Upgrade"))) {
                handshake(asked, (HttpServletResponse) response);
            } else {
                chain.doFilter(request, response);
            }
        } finally {
            // a handler may leave before its answer: whoever uses this thread next must not log under its ids
            MDC.clear();
        }
    }

    private void handshake(HttpServletRequest asked, HttpServletResponse answer) throws IOException {
        long began = System.nanoTime();
        Map<String, String> ids = new TreeMap<>(TerminalRoute.pathIds(asked));
        ids.put("request", RequestLog.newId());
        MDC.setContextMap(ids);
        answer.setHeader("X-Request-Id", ids.get("request"));
        int status = 101;
        try {
            if (!asked.getRequestURI().startsWith("/ws/terminal/")) {
                throw ApiException.of(404, "Not Found");
            }
            terminal.upgrade(asked, answer, ids);
        } catch (RuntimeException failure) {
            Errors.Answer error = Errors.of(failure);
            status = error.status();
            refuse(asked, answer, error);
        }
        RequestLog.line(
                asked.getMethod(),
                TerminalRoute.PATH,
                status,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }

    private void refuse(HttpServletRequest asked, HttpServletResponse answer, Errors.Answer error) throws IOException {
        terminal.refused(asked, error.status());
        answer.setStatus(error.status());
        error.headers().forEach(answer::setHeader);
        answer.setContentType("application/json");
        answer.getOutputStream().write(Json.write(error.body()));
    }
}
