package io.orchestrator.service.bucket;

import java.time.Instant;

/**
 * What is known of one complete version of an object.
 *
 * @param name its name
 * @param size in bytes
 * @param lastModified when it was stored; to the second where the engine tells no more
 * @param etag the engine's mark of this version, without quotes: equal marks mean equal bytes
 */
public record BucketObject(String name, long size, Instant lastModified, String etag) {}
