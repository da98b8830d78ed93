package io.orchestrator.store.jdbc;

import io.orchestrator.kit.StoreContract;
import io.orchestrator.spi.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends StoreContract {
    @TempDir
    Path directory;

    @Override
    protected Store create() {
        return JdbcStore.file(directory.resolve("store.db"));
    }
}
