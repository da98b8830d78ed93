/** Tests of the store in databases. */
@NullMarked
package io.orchestrator.store.jdbc;

import org.jspecify.annotations.NullMarked;
