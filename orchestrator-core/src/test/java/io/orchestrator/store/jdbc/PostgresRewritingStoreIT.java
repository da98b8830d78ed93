package io.orchestrator.store.jdbc;

import io.orchestrator.kit.StoreContract;
import io.orchestrator.spi.Store;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a host's pool whose driver makes one statement of a batch, and then counts no rows of its parts. */
class PostgresRewritingStoreIT extends StoreContract {
    @RegisterExtension
    static final PostgresPool POOL = new PostgresPool(server -> server.rewritingPool(8));

    @Override
    protected Store create() throws Exception {
        return PostgresServer.emptyStore(POOL.dataSource());
    }
}
