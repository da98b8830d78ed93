/** What a transport, a store or a runtime implements. Every interface here has a contract kit in the test jar. */
@NullMarked
package io.orchestrator.spi;

import org.jspecify.annotations.NullMarked;
