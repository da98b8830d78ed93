/** Tests of the bucket service, most of them over real connections on the loopback interface. */
@NullMarked
package io.orchestrator.examples.bucket;

import org.jspecify.annotations.NullMarked;
