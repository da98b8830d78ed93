/** Buckets: services that keep opaque byte objects under names, and the client that every engine of theirs has. */
@NullMarked
package io.orchestrator.service.bucket;

import org.jspecify.annotations.NullMarked;
