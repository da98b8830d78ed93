package io.orchestrator.store.jdbc;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Store;
import java.nio.file.Path;

/** Opens a file and prints {@code opened}, or why it could not. */
final class OpenOnce {
    private OpenOnce() {}

    /** Takes the file. */
    public static void main(String[] arguments) {
        try (Store store = JdbcStore.file(Path.of(arguments[0]))) {
            System.out.println("opened " + store.journal(0, 1));
        } catch (OrchestratorException refused) {
            System.out.println(refused.code() + ": " + refused.getMessage());
        }
    }
}
