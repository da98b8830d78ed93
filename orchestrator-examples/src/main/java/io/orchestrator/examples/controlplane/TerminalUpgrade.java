package io.orchestrator.examples.controlplane;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

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
        HttpServletResponse answer = (HttpServletResponse) response;
        if (!"websocket".equalsIgnoreCase(asked.getHeader("Upgrade"))) {
            chain.doFilter(request, response);
            return;
        }
        answer.setHeader("X-Request-Id", RequestLog.newId());
        try {
            if (!asked.getRequestURI().startsWith("/ws/terminal/")) {
                throw ApiException.of(404, "Not Found");
            }
            terminal.upgrade(asked, answer);
        } catch (RuntimeException failure) {
            refuse(asked, answer, Errors.of(failure));
        }
    }

    private void refuse(HttpServletRequest asked, HttpServletResponse answer, Errors.Answer error) throws IOException {
        terminal.refused(asked, error.status());
        answer.setStatus(error.status());
        error.headers().forEach(answer::setHeader);
        answer.setContentType("application/json");
        answer.getOutputStream().write(Json.write(error.body()));
    }
}
