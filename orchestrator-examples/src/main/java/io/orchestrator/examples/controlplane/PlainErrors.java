package io.orchestrator.examples.controlplane;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What is refused before it reaches a route, such as a malformed request line, is answered in JSON too. */
final class PlainErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer given ? given : 500;
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // one that got as far as a route has its id already
        if (!response.getHeaders().contains("X-Request-Id")) {
            String id = RequestLog.newId();
            response.getHeaders().put("X-Request-Id", id);
            // nothing of what was sent is known to be harmless
            RequestLog.with(Map.of("request", id), () -> RequestLog.line("-", "-", status, 0));
        }
        byte[] body = Json.write(Json.object().put("detail", HttpStatus.getMessage(status)));
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
