package io.orchestrator.spi;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.InputStream;
import java.util.function.Consumer;

/** The ability of a node to build images. Thread-safe. */
public interface ImageBuilder {
    /**
     * Builds an image and returns once it is on the node under the tag; building the same again is harmless.
     *
     * @param tag the image's name
     * @param tarContext a tar archive with a {@code Dockerfile} at its root, read to its end on the calling thread and
     *     not closed; a read of it is not ended by the call's deadline
     * @param progress told in words how far it is, on the calling thread
     * @throws OrchestratorException {@link ErrorCode#ENGINE_ERROR} with the engine's words if a step failed; {@link
     *     ErrorCode#NO_SPACE}; {@link ErrorCode#DEADLINE_EXCEEDED} also when the build may yet end well
     */
    void build(CallContext call, String tag, InputStream tarContext, Consumer<String> progress);
}
