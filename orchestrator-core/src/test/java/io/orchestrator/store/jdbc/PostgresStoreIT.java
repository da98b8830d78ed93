package io.orchestrator.store.jdbc;

import io.orchestrator.kit.StoreContract;
import io.orchestrator.spi.Store;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresStoreIT extends StoreContract {
    @RegisterExtension
    static final PostgresPool POOL = new PostgresPool(server -> server.pool(8));

    @Override
    protected Store create() throws Exception {
        return PostgresServer.emptyStore(POOL.dataSource());
    }
}
