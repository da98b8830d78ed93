package io.orchestrator.transport.docker;

import io.orchestrator.operation.OrchestratorException;
import java.util.Set;

/** An engine's answer to one request; its body is read at most once, before its exchange ends. */
final class Response {
    /** An inspection shows a command of up to 1 MiB twice, and each of its bytes as up to six. */
    private static final long MAX_BODY_BYTES = 16L << 20;

    private final Exchange exchange;
    private final ResponseHead head;
    private final ResponseBody body;

    Response(Exchange exchange, ResponseHead head) {
        this.exchange = exchange;
        this.head = head;
        this.body = new ResponseBody(exchange, head);
        body.allow(MAX_BODY_BYTES);
    }

    int status() {
        return head.status();
    }

    ResponseHead head() {
        return head;
    }

    ResponseBody body() {
        return body;
    }

    /** The body as a stream of any length. */
    ResponseBody stream() {
        body.allow(Long.MAX_VALUE);
        return body;
    }

    Exchange exchange() {
        return exchange;
    }

    String what() {
        return exchange.request().what();
    }

    boolean reusable() {
        return body.ended() && head.keepAlive() && status() >= 200;
    }

    /** The body as one JSON value of at most 16 MiB. */
    Json json() {
        requireJson();
        return Json.read(body, what());
    }

    /** The same, of which only these fields are kept: what is large and not asked for costs little. */
    Json json(Set<String> fields) {
        requireJson();
        return Json.read(body, what(), fields);
    }

    void requireJson() {
        if (!head.json()) {
            throw exchange.protocolError("the answer with status " + status() + " is not JSON");
        }
    }

    /** Why the engine refused; an answer that is no refusal of an engine is a protocol error. */
    Refusal refusal() {
        if (status() < 400) {
            throw exchange.protocolError("the answer's status " + status() + " means nothing here");
        }
        return new Refusal(what(), status(), json().text("message"));
    }

    /** Does nothing if the status is one of those; throws the refusal otherwise. */
    void expect(int... statuses) {
        for (int expected : statuses) {
            if (status() == expected) {
                return;
            }
        }
        throw refusal().asException();
    }

    /** Throws the error of an answer that breaks the engine's protocol. */
    OrchestratorException protocolError(String why) {
        return exchange.protocolError(why);
    }
}
