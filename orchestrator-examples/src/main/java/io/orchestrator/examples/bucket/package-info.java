/**
 * A small, stand-alone bucket service: one process that stores opaque byte objects under one directory and serves them over
 * HTTP. It keeps the routes of the original bucket service and adds a streaming object API for a typed client.
 *
 * <p>It runs on the JDK's own {@code HttpServer}, because that streams both ways, starts in a fraction of a second, lives in
 * a heap of 64 MiB, and needs nothing on the class path but this package.
 */
@NullMarked
package io.orchestrator.examples.bucket;

import org.jspecify.annotations.NullMarked;
