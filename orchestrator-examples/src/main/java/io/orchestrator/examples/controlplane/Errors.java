package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.orchestrator.examples.controlplane.ApiException.FieldError;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import jakarta.servlet.ServletException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into a status and a JSON body; the one place that decides what a caller is told. */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    /**
     * An answer that says what went wrong.
     *
     * @param status the HTTP status
     * @param headers what goes with it
     * @param body {@code detail}, and where there is more: {@code code} or {@code errors}
     */
    record Answer(int status, Map<String, String> headers, ObjectNode body) {
        static Answer of(int status, String detail) {
            return new Answer(status, Map.of(), Json.object().put("detail", detail));
        }
    }

    private Errors() {}

    /** The status that each of the library's reasons becomes. */
    static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, IDEMPOTENCY_MISMATCH -> 422;
            case NOT_FOUND, IMAGE_NOT_FOUND -> 404;
            case CONFLICT, BUSY, PORT_TAKEN, NAME_TAKEN, CANCELLED -> 409;
            case NO_NODE, NODE_UNREACHABLE, PORTS_EXHAUSTED, STORE_UNAVAILABLE, CLOSED -> 503;
            case DEADLINE_EXCEEDED, OUTCOME_UNKNOWN -> 504;
            case PROTOCOL_ERROR, ENGINE_ERROR, CONTAINER_EXITED, UNAUTHORIZED -> 502;
            case UNSUPPORTED -> 501;
            case NO_SPACE -> 507;
            case INTERNAL -> 500;
        };
    }

    static void answer(Context ctx, Throwable failure) {
        Answer answer = of(failure);
        answer.headers().forEach(ctx::header);
        Json.answer(ctx, answer.status(), answer.body());
    }

    static Answer of(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ServletException;
        if (wrapped && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof ApiException api) {
            return of(api);
        }
        if (failure instanceof OrchestratorException known && known.code() != ErrorCode.INTERNAL) {
            return of(known);
        }
        if (failure instanceof HttpResponseException web) {
            return of(web);
        }
        if (failure instanceof HttpException refusal && refusal.getCode() < 500) {
            return Answer.of(refusal.getCode(), HttpStatus.getMessage(refusal.getCode()));
        }
        if (failure instanceof TimeoutException) {
            return Answer.of(504, "the operation did not end in time and goes on; ask for the status later");
        }
        LOG.error("request failed", failure);
        return Answer.of(500, "Internal Server Error");
    }

    private static Answer of(ApiException failure) {
        ObjectNode body = Json.object().put("detail", failure.detail());
        if (failure.status() == 422) {
            put(body, failure.errors());
        }
        return new Answer(failure.status(), failure.headers(), body);
    }

    private static Answer of(OrchestratorException failure) {
        int status = status(failure.code());
        LOG.info("refused with {} {}: {}", status, failure.code(), failure.getMessage());
        ObjectNode body = Json.object()
                .put("detail", detail(failure))
                .put("code", failure.code().name());
        if (status == 422) {
            put(body, List.of(new FieldError("value_error", List.of("request"), detail(failure))));
        }
        return new Answer(status, status == 503 ? Map.of("Retry-After", "5") : Map.of(), body);
    }

    /** What the store says of itself holds paths and addresses. */
    private static String detail(OrchestratorException failure) {
        return failure.code() == ErrorCode.STORE_UNAVAILABLE
                ? "the store does not answer; try again"
                : String.valueOf(failure.getMessage());
    }

    private static Answer of(HttpResponseException failure) {
        ObjectNode body = Json.object();
        return switch (failure.getStatus()) {
            case 404 -> new Answer(404, Map.of(), body.put("detail", "Not Found"));
            case 405 ->
                new Answer(
                        405,
                        Map.of("Allow", failure.getDetails().getOrDefault("availableMethods", "")),
                        body.put("detail", "Method Not Allowed"));
            default -> Answer.of(failure.getStatus(), String.valueOf(failure.getMessage()));
        };
    }

    private static void put(ObjectNode body, List<FieldError> errors) {
        ArrayNode list = body.putArray("errors");
        for (FieldError error : errors) {
            ObjectNode entry = list.addObject().put("type", error.type());
            error.location().forEach(entry.putArray("loc")::add);
            entry.put("msg", error.message());
        }
    }
}
