package io.orchestrator.spi;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.Optional;
import java.util.function.Consumer;

/** The ability of a node to hold and fetch images. */
public interface ImageStore {
    /** The id of the image on the node; empty if it is not there. */
    Optional<String> imageId(CallContext call, String image);

    /**
     * Fetches an image and returns once it is there.
     *
     * @param progress told in words how far it is, on the calling thread
     * @throws OrchestratorException {@link ErrorCode#IMAGE_NOT_FOUND} if the registry has none or refuses;
     *     {@link ErrorCode#NO_SPACE}; {@link ErrorCode#NODE_UNREACHABLE} if the registry cannot be reached
     */
    void pull(CallContext call, String image, Consumer<String> progress);
}
