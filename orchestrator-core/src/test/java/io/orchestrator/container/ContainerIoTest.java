package io.orchestrator.container;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.testing.FakeCluster;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes into a container's commands and comes out of it, through the public interfaces alone. */
final class ContainerIoTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MANY = 400_000;

    private final CountDownLatch killed = new CountDownLatch(1);
    private final FakeCluster cluster = FakeCluster.of(1)
            .image("lines:1", process -> {
                byte[] lines = new byte[MANY];
                Arrays.fill(lines, (byte) '\n');
                process.output().write(lines);
                return 0;
            })
            .command("wait", process -> {
                try {
                    process.sleep(SOON);
                    return 0;
                } finally {
                    killed.countDown();
                }
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

    @Test
    void run_inputBlocksBeyondTheTimeout_killsTheCommandMeanwhile() {
        Container container = launch("busybox:1");
        WaitingInput input = new WaitingInput();

        assertThatThrownBy(() -> container.exec().run(ExecSpec.of("wait"), input, Duration.ofMillis(300)))
                .satisfies(code(ErrorCode.DEADLINE_EXCEEDED));

        assertThat(input.sawTheEnd).as("killed while its input was read").isTrue();
    }

    private Container launch(String image) {
        orchestrator.nodes().register(cluster.node("n1").spec());
        return orchestrator
                .containers()
                .launch(ContainerSpec.builder(image).memoryMib(64).build());
    }

    /** Input that comes only once the command was killed. */
    private final class WaitingInput extends InputStream {
        private boolean sawTheEnd;

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                sawTheEnd = killed.await(5, TimeUnit.SECONDS);
                return -1;
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }
    }
}
