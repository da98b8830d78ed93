package io.orchestrator.service.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/** An answer whose head arrived. Close it, or its body, to give the connection back. */
public final class Answer implements AutoCloseable {
    private static final int MAX_REFUSAL = 64 * 1024;
    private static final int MAX_DETAIL = 300;

    private final HttpResponse<BodyStream> response;
    private final ServiceHttp http;
    private final String what;

    Answer(HttpResponse<BodyStream> response, ServiceHttp http, String what) {
        this.response = response;
        this.http = http;
        this.what = what;
    }

    public int status() {
        return response.statusCode();
    }

    public HttpHeaders headers() {
        return response.headers();
    }

    /** A header that must be there. */
    public String header(String name) {
        return headers().firstValue(name).orElseThrow(() -> broken("has no " + name));
    }

    public BodyStream body() {
        return response.body();
    }

    /** The whole body as a JSON object of at most that many bytes. */
    public ObjectNode json(int maxBytes) {
        if (!isJson()) {
            throw broken("is not JSON");
        }
        byte[] text = bytes(maxBytes);
        return Json.object(text).orElseThrow(() -> broken("is not a JSON object"));
    }

    private byte[] bytes(int maxBytes) {
        byte[] text;
        try {
            text = body().readNBytes(maxBytes + 1);
        } catch (IOException impossible) {
            throw broken("cannot be read"); // a body stream throws no checked exception
        }
        if (text.length > maxBytes) {
            throw broken("is longer than " + maxBytes + " bytes");
        }
        return text;
    }

    private boolean isJson() {
        String type = headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.startsWith("application/json;");
    }

    /** The error for an answer that is not what was asked for. Only what the service itself said is believed. */
    public OrchestratorException refusal() {
        if (status() < 400) {
            return broken("was not expected");
        }
        boolean silent = response.request().method().equals("HEAD");
        Optional<String> detail = silent && isJson()
                ? Optional.of("no such object, or refused")
                : Optional.of(bytesOfRefusal())
                        .filter(unused -> isJson())
                        .flatMap(Json::object)
                        .flatMap(body -> Json.text(body, "detail"));
        if (detail.isEmpty()) {
            return broken("does not say why in JSON, so it is not the service's own");
        }
        String said = http.harmless(detail.get());
        String shown = said.length() > MAX_DETAIL ? said.substring(0, MAX_DETAIL) + "…" : said;
        return new OrchestratorException(code(status()), what + " was refused with " + status() + ": " + shown);
    }

    private byte[] bytesOfRefusal() {
        return bytes(MAX_REFUSAL);
    }

    private static ErrorCode code(int status) {
        return switch (status) {
            case 400, 413, 416, 422 -> ErrorCode.INVALID_ARGUMENT;
            case 401, 403 -> ErrorCode.UNAUTHORIZED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 408 -> ErrorCode.DEADLINE_EXCEEDED;
            case 409, 412 -> ErrorCode.CONFLICT;
            case 429, 503 -> ErrorCode.BUSY;
            case 502, 504 -> ErrorCode.NODE_UNREACHABLE;
            case 507 -> ErrorCode.NO_SPACE;
            default -> ErrorCode.ENGINE_ERROR;
        };
    }

    /** The error for an answer that breaks the protocol: neither success nor absence may be concluded. */
    public OrchestratorException broken(String how) {
        return new OrchestratorException(
                ErrorCode.PROTOCOL_ERROR, "the answer to " + what + ", status " + status() + ", " + how);
    }

    @Override
    public void close() {
        body().close();
    }
}
