package io.orchestrator.examples.controlplane;

import io.orchestrator.spi.Store;

/**
 * A store and what has to be closed after it.
 *
 * @param connections the database's pool, where there is one
 */
record OpenStore(Store store, AutoCloseable connections) {}
