package io.orchestrator.service.bucket;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.Service;

/** A live bucket: a service that keeps byte objects under names. Thread-safe. */
public interface Bucket extends Service {
    /** The kind of every bucket, in ids and listings. */
    String KIND = "bucket";

    /**
     * A client for where the bucket is now; makes no call. Get another one after a restart.
     *
     * @throws OrchestratorException {@link ErrorCode#NODE_UNREACHABLE} while the bucket has no container
     */
    BucketClient client();
}
