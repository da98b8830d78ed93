/** The store in a database: a SQLite file beside the application, or PostgreSQL for several control planes. */
@NullMarked
package io.orchestrator.store.jdbc;

import org.jspecify.annotations.NullMarked;
