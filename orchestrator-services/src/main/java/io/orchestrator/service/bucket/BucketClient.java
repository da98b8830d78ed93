package io.orchestrator.service.bucket;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.operation.Page;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the objects of one bucket.
 *
 * <p>Thread-safe. Names are opaque: 1 to 1,024 bytes of UTF-8 without control characters; nothing in them is a path. Each
 * call blocks and has a total time, body included: 30 s, or an hour for the bytes of an upload or a download, unless {@link
 * #withTimeout} says otherwise; a body that does not move for 30 s is cut before.
 *
 * <p>All calls throw {@link OrchestratorException}: {@link ErrorCode#INVALID_ARGUMENT} for names and ranges outside their
 * limits and objects over the bucket's; {@link ErrorCode#UNAUTHORIZED}; {@link ErrorCode#NODE_UNREACHABLE}; {@link
 * ErrorCode#BUSY} and {@link ErrorCode#ENGINE_ERROR} as the bucket says; {@link ErrorCode#DEADLINE_EXCEEDED}; {@link
 * ErrorCode#PROTOCOL_ERROR} if the answer is not the bucket's own, from which nothing may be concluded.
 */
public interface BucketClient {
    /**
     * One page of objects by name, in the order of their UTF-8 bytes.
     *
     * @param prefix what the names begin with; may be empty
     * @param cursor of the page before, or null for the first
     * @param limit 1 to 1000
     */
    Page<BucketObject> list(String prefix, @Nullable String cursor, int limit);

    /** What is known of an object; empty only if the bucket itself said that there is none. */
    Optional<BucketObject> stat(String name);

    /**
     * Stores an object of any length, replacing one of that name as a whole once everything arrived. The stream is read on
     * the calling thread, with one small piece in memory, and not closed; the bytes stored are compared with those read.
     *
     * @throws OutcomeUnknownException if the answer was lost; uploading again is safe. {@link ErrorCode#CANCELLED} with the
     *     stream's exception as cause if it could not be read; nothing is stored then
     */
    BucketObject upload(String name, InputStream content);

    /**
     * Opens an object; its bytes are verified as they are read.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} if the bucket itself said that there is none
     */
    BucketContent download(String name);

    /**
     * Opens a part of an object, which cannot be verified.
     *
     * @throws OrchestratorException as the whole, and {@link ErrorCode#INVALID_ARGUMENT} if it begins after the object's end
     */
    BucketContent download(String name, ByteRange range);

    /**
     * Deletes an object.
     *
     * @return whether there was one; false also if an earlier try deleted it and its answer was lost
     */
    boolean delete(String name);

    /** The same client with another total time for each call. */
    BucketClient withTimeout(Duration total);
}
