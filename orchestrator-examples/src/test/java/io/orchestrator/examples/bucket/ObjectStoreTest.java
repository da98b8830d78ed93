package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ObjectStoreTest {
    private static final Quota QUOTA = new Quota(100, 150, 10_000);

    @TempDir
    Path root;

    @Test
    void open_again_findsWhatWasCommitted() throws IOException {
        StoredObject stored;
        try (ObjectStore store = open()) {
            stored = put(store, "a/../ü", "content");
        }

        try (ObjectStore store = open()) {
            assertThat(read(store, "a/../ü")).isEqualTo("content");
            assertThat(store.page("", "", 10).objects()).containsExactly(stored);
            assertThat(store.usage().bytes()).isEqualTo(7);
        }
    }

    @Test
    void open_leftTemporaries_areSwept() throws IOException {
        Files.createDirectories(root.resolve("tmp"));
        Files.writeString(root.resolve("tmp/left"), "half an upload");

        try (ObjectStore store = open()) {
            assertThat(temporaries()).isEmpty();
            assertThat(store.count()).isZero();
        }
    }

    @Test
    void open_everyTruncationOfAnObject_isInvisibleAndLeftAlone() throws IOException {
        Path file = root.resolve("objects").resolve(new ObjectName("name").hash());
        try (ObjectStore store = open()) {
            put(store, "name", "content");
        }
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (ObjectStore store = open()) {
                assertThat(store.count()).as("cut at %d", length).isZero();
            }
            assertThat(file).hasSize(length);
        }
    }

    @Test
    void open_symbolicLinkAmongObjects_isNotFollowed() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "real", "content");
        }
        Path real = root.resolve("objects").resolve(new ObjectName("real").hash());
        Path moved = Files.move(real, root.resolve("outside"));
        Files.createSymbolicLink(real, moved);

        try (ObjectStore store = open()) {
            assertThat(store.open(new ObjectName("real"))).isNull();
        }
    }

    @Test
    void open_directoryInUse_refusesAndSaysWhy() throws IOException {
        try (ObjectStore first = open()) {
            assertThat(first.count()).isZero();
            assertThatThrownBy(this::open).hasMessageContaining("another bucket service holds");
        }
        open().close();
    }

    @Test
    void close_withoutCommit_leavesNothing() throws IOException {
        try (ObjectStore store = open()) {
            try (Upload upload = store.upload(new ObjectName("name"), -1)) {
                upload.write(new byte[50], 50);
                assertThat(temporaries()).hasSize(1);
                assertThat(store.usage().bytes()).isEqualTo(50);
            }

            assertThat(temporaries()).isEmpty();
            assertThat(store.usage().bytes()).isZero();
            assertThat(store.count()).isZero();
        }
    }

    @Test
    void write_overTheLimits_isTheFault413() throws IOException {
        try (ObjectStore store = open();
                Upload first = store.upload(new ObjectName("first"), -1);
                Upload second = store.upload(new ObjectName("second"), -1)) {
            first.write(new byte[100], 100);

            assertFault(413, () -> first.write(new byte[1], 1));
            assertFault(413, () -> second.write(new byte[51], 51));
            assertFault(413, () -> store.upload(new ObjectName("third"), 101));
            assertFault(413, () -> store.upload(new ObjectName("third"), 51));
            second.write(new byte[50], 50);
        }
    }

    @Test
    void commit_replacingAnObject_countsOnlyTheNewOne() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "name", "a long version");
            put(store, "name", "short");

            assertThat(store.usage().bytes()).isEqualTo(5);
            assertThat(store.delete(new ObjectName("name"))).isTrue();
            assertThat(store.usage().bytes()).isZero();
            assertThat(store.delete(new ObjectName("name"))).isFalse();
        }
    }

    @Test
    void commit_moreNamesThanMemoryAllows_isTheFault413() throws IOException {
        try (ObjectStore store = open()) {
            for (int i = 0; i < 20; i++) {
                put(store, String.format("%050d", i), "");
            }

            assertFault(413, () -> put(store, "one more", ""));
            put(store, String.format("%050d", 0), "still replaceable");
            assertThat(store.count()).isEqualTo(20);
            assertThat(temporaries()).isEmpty();
        }
    }

    @Test
    void open_whileReplacedAndDeleted_keepsItsVersion() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "name", "old");
            try (ObjectStore.Opened opened = store.open(new ObjectName("name"))) {
                put(store, "name", "newer");
                store.delete(new ObjectName("name"));

                assertThat(content(opened)).isEqualTo("old");
            }
        }
    }

    @Test
    void page_prefixAndCursor_walksEveryNameOnce() throws IOException {
        try (ObjectStore store = open()) {
            for (String name : List.of("a", "b/1", "b/2", "b/3", "b", "c")) {
                put(store, name, "");
            }

            ObjectIndex.Page first = store.page("b/", "", 2);
            ObjectIndex.Page second = store.page("b/", "b/2", 2);

            assertThat(first.objects()).extracting(StoredObject::name).containsExactly("b/1", "b/2");
            assertThat(first.more()).isTrue();
            assertThat(second.objects()).extracting(StoredObject::name).containsExactly("b/3");
            assertThat(second.more()).isFalse();
            assertThat(store.page("", "", 6).more()).isFalse();
            assertThat(store.page("x", "", 6).objects()).isEmpty();
            assertThat(store.page("b", "c", 6).objects()).isEmpty();
        }
    }

    private ObjectStore open() throws IOException {
        return ObjectStore.open(root, QUOTA);
    }

    private List<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("tmp"))) {
            return files.toList();
        }
    }

    private static StoredObject put(ObjectStore store, String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (Upload upload = store.upload(new ObjectName(name), bytes.length)) {
            upload.write(bytes, bytes.length);
            return upload.commit();
        }
    }

    private static String read(ObjectStore store, String name) throws IOException {
        try (ObjectStore.Opened opened = store.open(new ObjectName(name))) {
            return content(opened);
        }
    }

    private static String content(ObjectStore.@Nullable Opened found) throws IOException {
        ObjectStore.Opened opened = Objects.requireNonNull(found);
        ByteBuffer content = ByteBuffer.allocate((int) opened.object().size());
        opened.file().read(content, 0);
        return new String(content.array(), StandardCharsets.UTF_8);
    }

    private static void assertFault(int status, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HttpFault.class, fault -> assertThat(fault.status())
                .isEqualTo(status));
    }
}
