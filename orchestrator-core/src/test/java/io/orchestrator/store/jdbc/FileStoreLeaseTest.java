package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreLeaseTest {
    @TempDir
    Path directory;

    @Test
    void file_nothingThere_isMadeForItsOwnerAlone() throws Exception {
        Path inside = directory.resolve("made/deeper");

        try (Store store = JdbcStore.file(inside.resolve("store.db"));
                Stream<Path> files = Files.list(inside)) {
            assertThat(permissions(inside)).isEqualTo("rwx------");
            assertThat(files)
                    .extracting(file -> file.getFileName().toString(), FileStoreLeaseTest::permissions)
                    .contains(
                            tuple("store.db", "rw-------"),
                            tuple("store.db-wal", "rw-------"),
                            tuple("store.db.lock", "rw-------"),
                            tuple("store.db.holder", "rw-------"));
            assertThat(store.journal(0, 1)).isEmpty();
        }
    }

    private static String permissions(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space.db", "what?.db", "50%20.db", "hash#.db", "ünï.db", "a&b=c;d.db"})
    void file_hostileName_isTheFileThatIsUsed(String name) throws Exception {
        assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding"))
                        .newEncoder()
                        .canEncode(name),
                "this machine's locale has no such file names");
        Path file = directory.resolve(name);

        JdbcStore.file(file).close();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(file, directory.resolve(name + ".lock"));
        }
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void file_openInThisProcess_saysWho() {
        Path file = directory.resolve("store.db");

        try (Store store = JdbcStore.file(file)) {
            assertThatThrownBy(() -> JdbcStore.file(file))
                    .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + ", started 20");
            assertThat(store.journal(0, 1)).isEmpty();
        }
        JdbcStore.file(file).close();
    }

    /** A process loses its POSIX lock by closing any handle of the file: the refused attempt must not do that. */
    @Test
    void file_openInAnotherProcess_saysWhoEvenAfterARefusedAttemptHere() throws Exception {
        Path file = directory.resolve("store.db");

        try (Store store = JdbcStore.file(file)) {
            assertThatThrownBy(() -> JdbcStore.file(file)).isInstanceOf(OrchestratorException.class);

            assertThat(openInAnotherProcess(file))
                    .startsWith("CONFLICT")
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(store.journal(0, 1)).isEmpty();
        }
        assertThat(openInAnotherProcess(file)).startsWith("opened");
    }

    private static String openInAnotherProcess(Path file) throws Exception {
        Process child = ChildJvm.start(OpenOnce.class, file.toString());
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void file_holderOfAnEndedProcess_doesNotMatter() throws Exception {
        Path file = directory.resolve("store.db");
        Files.writeString(directory.resolve("store.db.holder"), "process 1, started 2020-01-01T00:00:00Z");

        JdbcStore.file(file).close();

        assertThat(directory.resolve("store.db.holder")).doesNotExist();
    }

    @Test
    void file_noDatabase_isRefusedAndGivesTheFileUp() throws Exception {
        Path file = directory.resolve("store.db");
        Files.writeString(file, "this is a letter to my landlord, which is longer than a page header ".repeat(20));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> JdbcStore.file(file))
                    .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.STORE_UNAVAILABLE))
                    .hasMessageContaining("not a database");
        }
        assertThat(Files.readString(file)).startsWith("this is a letter");
    }

    @Test
    void file_withoutDriver_saysWhatToAdd() throws Exception {
        try (WithoutSqlite loader = new WithoutSqlite()) {
            Object error = loader.messageOf(directory.resolve("store.db"));

            assertThat(error.toString()).contains("add 'org.xerial:sqlite-jdbc'");
        }
        assertThat(directory).isEmptyDirectory();
    }

    /** Loads our classes afresh and hides the driver's. */
    private static final class WithoutSqlite extends URLClassLoader {
        WithoutSqlite() {
            super(
                    new URL[] {
                        JdbcStore.class.getProtectionDomain().getCodeSource().getLocation()
                    },
                    WithoutSqlite.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.sqlite.")) {
                throw new ClassNotFoundException(name);
            }
            if (name.startsWith("io.orchestrator.store.")) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
            return super.loadClass(name, resolve);
        }

        String messageOf(Path file) throws Exception {
            try {
                loadClass(JdbcStore.class.getName())
                        .getMethod("file", Path.class)
                        .invoke(null, file);
                return "opened";
            } catch (InvocationTargetException thrown) {
                return String.valueOf(thrown.getCause());
            }
        }
    }
}
