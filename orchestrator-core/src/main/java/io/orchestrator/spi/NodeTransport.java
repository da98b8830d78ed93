package io.orchestrator.spi;

import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Speaks to one node. Few verbs, each idempotent, called from many threads; the library owns retries, timers, placement
 * and every rule about states.
 *
 * <p>All verbs but {@link #probe} block, and end by the call's deadline plus one second. What a node can do beyond these
 * verbs is an extra interface that the object implements: {@link ImageStore}, {@link VolumeStore}, {@link LogSource},
 * {@link ExecRunner}; {@link #as} asks for it.
 *
 * <p>What does not carry the installation's label is never changed: a verb that names such a container throws {@link
 * ErrorCode#NOT_FOUND} or {@link ErrorCode#CONFLICT}, or does nothing.
 *
 * <p>Failures common to all verbs, as the code of an {@link OrchestratorException}: {@link ErrorCode#NODE_UNREACHABLE}
 * (certainly not sent), {@link ErrorCode#OUTCOME_UNKNOWN} (as {@link io.orchestrator.operation.OutcomeUnknownException}:
 * sent, answer lost or late, for verbs that change something), {@link ErrorCode#DEADLINE_EXCEEDED} (verbs that only read),
 * {@link ErrorCode#PROTOCOL_ERROR} (the answer is not the engine's), {@link ErrorCode#CANCELLED}.
 */
public interface NodeTransport extends AutoCloseable {
    /** Asks the node how it is; returns at once. The future ends by the deadline plus one second, on any thread. */
    CompletableFuture<NodeReport> probe(CallContext call);

    /** Streams every container that carries the installation's label, running or not, to the sink on the calling thread. */
    void list(CallContext call, Consumer<ObservedContainer> sink);

    /**
     * Makes a container without starting it and returns the engine's id.
     *
     * <p>A named volume that is missing is made by this verb or by {@link #start}, and carries from the first moment what
     * {@link ContainerLabels#ours} gives of the request's labels: no volume without our labels comes into being.
     *
     * @throws OrchestratorException {@link ErrorCode#NAME_TAKEN} if the engine has one of that name, whosever it is;
     *     {@link ErrorCode#IMAGE_NOT_FOUND} if the image is not on the node; {@link ErrorCode#INVALID_ARGUMENT},
     *     {@link ErrorCode#NO_SPACE}, {@link ErrorCode#ENGINE_ERROR} if refused; nothing exists after any of these
     */
    String create(CallContext call, CreateRequest request);

    /**
     * Starts a container; one that already runs is left alone.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND}; {@link ErrorCode#PORT_TAKEN} if a host port is in use;
     *     {@link ErrorCode#ENGINE_ERROR} if it cannot run. The container stays either way. Where an init process starts the
     *     command, an unknown command is no error here: the container ends with exit code 127
     */
    void start(CallContext call, String engineId);

    /**
     * Asks the container to end with its stop signal, kills it after the grace, and returns once it ended; one that does
     * not run is left alone.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND}
     */
    void stop(CallContext call, String engineId, Duration grace);

    /** Kills and deletes a container with its anonymous volumes; returns once it is gone. An unknown id is not an error. */
    void remove(CallContext call, String engineId);

    /** What the engine says of a container, whosever it is; empty only if the engine itself said that there is none. */
    Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName);

    /** This node's optional ability of that type, if it has it. */
    default <A> Optional<A> as(Class<A> ability) {
        return ability.isInstance(this) ? Optional.of(ability.cast(this)) : Optional.empty();
    }

    /** Ends open streams and connections, within two seconds; containers go on. Idempotent. */
    @Override
    void close();
}
