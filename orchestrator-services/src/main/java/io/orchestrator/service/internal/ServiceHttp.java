package io.orchestrator.service.internal;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.security.Secret;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * HTTP calls to one service with a bearer token: each ends by its deadline, body included, and is cut when nothing moves.
 *
 * <p>Thread-safe. No error shows the token: causes are named by their type, and an answer that quotes it is not repeated.
 */
public final class ServiceHttp {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int RETRIES = 2;
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final int PIECE_BYTES = 16 * 1024;

    private final HostRuntime runtime;
    private final HttpClient http;
    private final URI endpoint;
    private final Secret token;

    public ServiceHttp(HostRuntime runtime, HttpClient http, URI endpoint, Secret token) {
        this.runtime = runtime;
        this.http = http;
        this.endpoint = endpoint;
        this.token = token;
    }

    public HostRuntime runtime() {
        return runtime;
    }

    /** A call that begins now. */
    public CallContext call(Duration timeout) {
        return CallContext.startingNow(runtime::nanoTime, timeout);
    }

    /** A request for a raw path that is percent-encoded already. */
    public HttpRequest.Builder request(String method, String rawPath) {
        return HttpRequest.newBuilder(URI.create(endpoint + rawPath))
                .header("Authorization", "Bearer " + token.reveal())
                .header("Accept", "application/json, */*")
                .method(method, BodyPublishers.noBody());
    }

    /**
     * Sends a request that may be sent again: up to three times while the service is busy or cannot be reached.
     *
     * @param what named in errors
     */
    public Answer send(CallContext call, HttpRequest request, String what) {
        for (int retry = 0; ; retry++) {
            boolean last = retry == RETRIES;
            try {
                Answer answer = sendOnce(call, request, what);
                if (last || (answer.status() != 429 && answer.status() != 503)) {
                    return answer;
                }
                answer.close();
            } catch (OrchestratorException failure) {
                if (last || failure.code() != ErrorCode.NODE_UNREACHABLE) {
                    throw failure;
                }
            }
            pause(call, retry);
            call.check(what);
        }
    }

    private void pause(CallContext call, int retry) {
        byte[] random = new byte[1];
        runtime.randomBytes(random);
        long most = FIRST_WAIT_MILLIS << (2 * retry);
        Duration wait = Duration.ofMillis(most / 2 + most / 2 * (random[0] & 255) / 255);
        Waiter waiter = runtime.waiter();
        Runnable forget = call.onCancel(waiter::wake);
        try {
            boolean cancelled = waiter.await(call::cancelled, shorter(wait, call.remaining()));
            if (cancelled) {
                call.check("waiting to try again");
            }
        } finally {
            forget.run();
        }
    }

    private Answer sendOnce(CallContext call, HttpRequest request, String what) {
        Waiter waiter = runtime.waiter();
        var exchange = exchange(call, request, what, waiter);
        return answer(call, exchange, what, waiter, false);
    }

    private CompletableFuture<HttpResponse<BodyStream>> exchange(
            CallContext call, HttpRequest request, String what, Waiter waiter) {
        call.check(what);
        CompletableFuture<HttpResponse<BodyStream>> exchange =
                http.sendAsync(request, head -> new BodyStream(runtime, call, IDLE, what));
        var unused = exchange.whenComplete((response, failure) -> waiter.wake());
        return exchange;
    }

    private Answer answer(
            CallContext call,
            CompletableFuture<HttpResponse<BodyStream>> exchange,
            String what,
            Waiter waiter,
            boolean changes) {
        Runnable forget = call.onCancel(waiter::wake);
        try {
            boolean over = waiter.await(() -> exchange.isDone() || call.cancelled(), call.remaining());
            if (!over || !exchange.isDone()) {
                throw changes ? new OutcomeUnknownException(what + " had no answer in time", null) : late(call, what);
            }
            return new Answer(exchange.join(), this, what);
        } catch (CompletionException | CancellationException failure) {
            throw failed(failure, what, changes);
        } finally {
            forget.run();
            exchange.cancel(true); // does nothing to one that ended
        }
    }

    private static OrchestratorException late(CallContext call, String what) {
        return call.cancelled()
                ? new OrchestratorException(ErrorCode.CANCELLED, what + " was cancelled")
                : BodyStream.late(what);
    }

    /** Names the cause by its type only: its text may quote what was sent or received. */
    private static OrchestratorException failed(RuntimeException failure, String what, boolean changes) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String how = ": " + cause.getClass().getSimpleName();
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new OrchestratorException(
                    ErrorCode.NODE_UNREACHABLE, what + " was not sent, there is no connection" + how);
        }
        if (changes) {
            return new OutcomeUnknownException(what + " lost its connection" + how, null);
        }
        return cause instanceof ProtocolException
                ? new OrchestratorException(ErrorCode.PROTOCOL_ERROR, "the answer to " + what + " is not HTTP" + how)
                : new OrchestratorException(ErrorCode.NODE_UNREACHABLE, what + " lost its connection" + how);
    }

    /**
     * Sends a body that is read from the stream on the calling thread, as fast as the service takes it; never sent again.
     *
     * @return an answer with status 200
     * @throws OrchestratorException {@link ErrorCode#CANCELLED} with the stream's own exception as the cause if it could
     *     not be read; {@link OutcomeUnknownException} if the answer did not come
     */
    public Answer upload(CallContext call, HttpRequest.Builder request, InputStream content, String what) {
        Waiter waiter = runtime.waiter();
        UploadBody body = new UploadBody(waiter);
        var exchange = exchange(call, request.PUT(body).build(), what, waiter);
        Runnable forgetDeadline = runtime.schedule(call.remaining(), () -> exchange.cancel(true));
        try {
            pump(call, body, exchange, content, what);
            Answer answer = answer(call, exchange, what, waiter, true);
            if (answer.status() != 200) {
                throw refusal(answer, what);
            }
            return answer;
        } catch (RuntimeException | IOException failure) {
            body.fail();
            exchange.cancel(true);
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new OrchestratorException(
                    ErrorCode.CANCELLED, what + " was given up: its content could not be read", failure);
        } finally {
            forgetDeadline.run();
        }
    }

    /** Without its reason a refusal is not known to be the service's own, so what became of the upload is not known. */
    private static OrchestratorException refusal(Answer answer, String what) {
        try (answer) {
            return answer.refusal();
        } catch (OrchestratorException lost) {
            return lost.code() == ErrorCode.NODE_UNREACHABLE
                    ? new OutcomeUnknownException(
                            what + " was answered with " + answer.status() + ", and the rest was lost", lost)
                    : lost;
        }
    }

    private void pump(
            CallContext call,
            UploadBody body,
            CompletableFuture<HttpResponse<BodyStream>> exchange,
            InputStream content,
            String what)
            throws IOException {
        while (true) {
            boolean room = body.awaitRoom(
                    () -> exchange.isDone() || call.cancelled(),
                    shorter(IDLE, call.remaining()),
                    () -> new OutcomeUnknownException(
                            what + (call.expired() ? " did not end in time" : " was cut: the service stopped reading"),
                            null));
            if (!room) {
                return; // the answer, or why there is none, is in the exchange
            }
            byte[] piece = new byte[PIECE_BYTES];
            int length = content.read(piece);
            if (length < 0) {
                body.complete();
                return;
            }
            body.write(piece, length);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** A text of the other side without control characters, and without the token if it quotes it. */
    String harmless(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.contains(token.reveal()) ? "(it quotes the credential)" : plain;
    }
}
