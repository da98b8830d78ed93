package io.orchestrator.examples.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.security.Secret;
import io.orchestrator.service.ServiceAccess;
import io.orchestrator.service.ServiceHost;
import io.orchestrator.service.ServiceId;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.ServiceStatus;
import io.orchestrator.service.VolumePolicy;
import io.orchestrator.service.bucket.Bucket;
import io.orchestrator.service.bucket.BucketClient;
import io.orchestrator.service.bucket.BucketContent;
import io.orchestrator.service.bucket.BucketEngine;
import io.orchestrator.service.bucket.BucketObject;
import io.orchestrator.service.bucket.BucketSpec;
import io.orchestrator.service.bucket.ByteRange;
import io.orchestrator.service.bucket.ReferenceBucket;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.store.jdbc.JdbcStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket from its launch to its removal, on whatever node a subclass brings. */
abstract class BucketScenario {
    private static final long BIG = 64L << 20;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Orchestrator orchestrator;
    private ServiceLaunchers services;

    /** How the node is reached. */
    abstract Transport transport();

    /** The node; it has the image. */
    abstract NodeSpec node();

    abstract String image();

    /** Unique, so that what is left over can be told from what is others'. */
    abstract String installation();

    @BeforeEach
    final void open() {
        openAgain();
        orchestrator.nodes().register(node());
    }

    private void openAgain() {
        orchestrator = Orchestrator.builder(installation())
                .store(JdbcStore.file(directory.resolve("orchestrator.db")))
                .transport(transport())
                .build();
        services = ServiceLaunchers.create(orchestrator, engine());
    }

    @AfterEach
    final void leaveNothing() {
        try {
            services.list(Bucket.KIND, null, 100)
                    .items()
                    .forEach(state -> services.find(state.id()).orElseThrow().remove(VolumePolicy.DELETE));
            assertThat(orchestrator.containers().list(ContainerQuery.all()).items())
                    .isEmpty();
            assertThat(containers()).isEmpty();
            assertThat(volumes()).isEmpty();
        } finally {
            orchestrator.close();
        }
    }

    private BucketEngine engine() {
        return ReferenceBucket.engine(image());
    }

    private Bucket launch() {
        return services.launch(BucketSpec.of(engine(), "photos"));
    }

    @Test
    void upload_bigStreamOfUnknownLength_comesBackByteExact() throws IOException {
        BucketClient client = launch().client();

        BucketObject stored = client.upload("../64 MiB ü", new Pattern64(0, BIG));

        assertThat(stored.size()).isEqualTo(BIG);
        assertThat(client.stat("../64 MiB ü").orElseThrow().etag()).isEqualTo(stored.etag());
        try (BucketContent content = client.download("../64 MiB ü")) {
            assertSame(content.stream(), 0, BIG);
        }
        try (BucketContent content = client.download("../64 MiB ü", ByteRange.of(1_000_003, 33_000_001))) {
            assertSame(content.stream(), 1_000_003, 33_000_002);
        }
        try (BucketContent content = client.download("../64 MiB ü", ByteRange.from(BIG - 3))) {
            assertSame(content.stream(), BIG - 3, BIG);
        }
        assertThat(code(() -> client.download("../64 MiB ü", ByteRange.from(BIG))))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void objects_storedListedDeleted_areThereAndGone() {
        BucketClient client = launch().client();
        for (String name : List.of("a/1", "a/2", "a/3", "b", "..", "/")) {
            client.upload(name, bytes(name));
        }

        Page<BucketObject> first = client.list("a/", null, 2);
        Page<BucketObject> second = client.list("a/", first.next().orElseThrow(), 2);

        assertThat(first.items()).extracting(BucketObject::name).containsExactly("a/1", "a/2");
        assertThat(second.items()).extracting(BucketObject::name).containsExactly("a/3");
        assertThat(second.next()).isEmpty();
        assertThat(client.delete("..")).isTrue();
        assertThat(client.delete("..")).isFalse();
        assertThat(client.stat("..")).isEmpty();
        assertThat(client.list("", null, 10).items())
                .extracting(BucketObject::name)
                .containsExactly("/", "a/1", "a/2", "a/3", "b");
        assertThat(code(() -> client.download(".."))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void restart_ofServiceAndHost_keepsTheData() throws IOException {
        Bucket bucket = launch();
        bucket.client().upload("kept", bytes("content"));

        bucket.restart();
        orchestrator.close();
        openAgain();

        Bucket again = services.find(bucket.id(), Bucket.class).orElseThrow();
        assertThat(again.check().health().healthy()).isTrue();
        assertThat(again.state().status()).isEqualTo(ServiceStatus.RUNNING);
        try (BucketContent content = again.client().download("kept")) {
            assertThat(content.stream()).hasContent("content");
        }
    }

    @Test
    void remove_dataRetained_keepsTheVolumeOnly() {
        Bucket bucket = launch();

        bucket.remove(VolumePolicy.RETAIN);

        assertThat(containers()).isEmpty();
        assertThat(volumes()).singleElement().asString().endsWith(bucket.id().value());
        connection(node -> node.as(VolumeStore.class)
                .orElseThrow()
                .removeVolume(call(), volumes(node).get(0)));
    }

    @Test
    void remove_dataDeleted_leavesNothing() {
        Bucket bucket = launch();
        bucket.client().upload("gone", bytes("content"));

        assertThat(bucket.remove().status()).isEqualTo(ServiceStatus.REMOVED);

        assertThat(containers()).isEmpty();
        assertThat(volumes()).isEmpty();
        assertThat(code(bucket::client)).isEqualTo(ErrorCode.NODE_UNREACHABLE);
    }

    @Test
    void client_wrongToken_isRefusedEvenInTheMiddleOfAnUpload() {
        Bucket bucket = launch();
        ServiceAccess wrong = new WrongAccess(bucket.id());
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        BucketClient client = engine().connect(
                        bucket.state().endpoint().orElseThrow(), wrong, new ServiceHost(orchestrator.runtime(), http));

        assertThat(code(() -> client.list("", null, 1))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(code(() -> client.upload("a", new Pattern64(0, BIG))))
                .isIn(ErrorCode.UNAUTHORIZED, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(bucket.client().stat("a")).isEmpty();
    }

    private record WrongAccess(ServiceId id) implements ServiceAccess {
        @Override
        public Secret credential(String name) {
            return Secret.of("0123456789".repeat(4));
        }
    }

    private interface Use {
        void of(NodeTransport node);
    }

    /** A connection beside the orchestrator's. */
    private void connection(Use use) {
        try (NodeTransport node = transport().connect(node(), installation(), orchestrator.runtime())) {
            use.of(node);
        }
    }

    private CallContext call() {
        return CallContext.startingNow(orchestrator.runtime()::nanoTime, SOON);
    }

    private List<String> containers() {
        List<String> found = new ArrayList<>();
        connection(node -> node.list(call(), container -> found.add(container.name())));
        return found;
    }

    private List<String> volumes() {
        List<String> found = new ArrayList<>();
        connection(node -> found.addAll(volumes(node)));
        return found;
    }

    private List<String> volumes(NodeTransport node) {
        List<String> found = new ArrayList<>();
        node.as(VolumeStore.class).orElseThrow().listVolumes(call(), found::add);
        return found;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSame(InputStream stream, long first, long end) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long at = first;
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] != Pattern64.at(at + i)) {
                    throw new AssertionError("byte " + (at + i) + " is another one");
                }
            }
            at += count;
        }
        assertThat(at).isEqualTo(end);
    }

    private static ErrorCode code(ThrowingCallable call) {
        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call);
        assertThat(failure).isNotNull();
        return failure.code();
    }
}
