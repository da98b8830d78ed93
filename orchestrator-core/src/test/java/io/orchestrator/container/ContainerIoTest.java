package io.orchestrator.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.testing.FakeCluster;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes into a container's commands and comes out of it, through the public interfaces alone. */
final class ContainerIoTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 400_000;

    private final FakeCluster cluster = FakeCluster.of(1)
            .image("lines:1", process -> {
                byte[] lines = new byte[MANY];
                Arrays.fill(lines, (byte) '\n');
                process.output().write(lines);
                return 0;
            });
    private final Orchestrator orchestrator =
            Orchestrator.builder("test").transport(cluster.transport()).build();

    @AfterEach
    void close() {
        orchestrator.close();
        cluster.close();
    }

    @Test
    void tail_negative_isRefused() {
        Container container = launch("busybox:1");

        assertThatThrownBy(() -> container.logs().tail(-1)).satisfies(code(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void tail_manyEmptyLines_areLimited() {
        Container container = launch("lines:1");
        assertThat(container.logs().follow(line -> {}).awaitEnd(SOON)).isTrue();

        List<LogLine> lines = container.logs().tail(LogQuery.MAX_TAIL);

        assertThat(lines.size()).isBetween(100_000, MANY - 1);
    }

    @Test
    void follow_listenerThrows_endsTheStreamWithIt() {
        Container container = launch("lines:1");

        LogStream stream = container.logs().follow(line -> {
            throw new IllegalStateException("no more");
        });

        assertThatThrownBy(() -> stream.awaitEnd(SOON)).isInstanceOf(IllegalStateException.class);
    }

    private Container launch(String image) {
        orchestrator.nodes().register(cluster.node("n1").spec());
        return orchestrator
                .containers()
                .launch(ContainerSpec.builder(image).memoryMib(64).build());
    }

    private static Consumer<Throwable> code(ErrorCode code) {
        return failure -> assertThat(failure)
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(code));
    }
}
