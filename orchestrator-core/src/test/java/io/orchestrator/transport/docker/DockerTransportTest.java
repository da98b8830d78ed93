package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerTransportTest {
    private static final String USUAL = "unix:///var/run/docker.sock";

    @Test
    void create_noChoice_isTheUsualSocket() {
        assertThat(DockerTransport.create().endpoint()).hasToString(USUAL);
        assertThat(DockerTransport.create().schemes()).containsExactly("unix");
    }

    @Test
    void fromEnvironment_dockerHost_isTheEndpoint() {
        assertThat(DockerTransport.fromEnvironment(Map.of()).endpoint()).hasToString(USUAL);
        assertThat(DockerTransport.fromEnvironment(Map.of("DOCKER_HOST", " ")).endpoint())
                .hasToString(USUAL);
        assertThat(DockerTransport.fromEnvironment(Map.of("DOCKER_HOST", "unix:///run/user/7/docker.sock"))
                        .endpoint())
                .hasToString("unix:///run/user/7/docker.sock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://10.0.0.7:2375",
                "ssh://me@host",
                "npipe:////./pipe/docker_engine",
                "unix://relative/docker.sock",
                "unix:docker.sock",
                "unix:///",
                "unix:///run/docker.sock?x=y",
                "unix:///run/docker.sock#x",
                "unix:///run/a%00b",
                "/var/run/docker.sock",
                "not a uri"
            })
    void fromEnvironment_notAUnixSocket_isRefusedClearly(String host) {
        OrchestratorException failure = catchThrowableOfType(
                OrchestratorException.class, () -> DockerTransport.fromEnvironment(Map.of("DOCKER_HOST", host)));

        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure).hasMessageContaining("DOCKER_HOST").hasMessageContaining("unix://");
    }

    @Test
    void connect_tcpOrPathTooLong_isRefusedWithoutConnecting() {
        HostRuntime runtime = new ThreadRuntime();
        try {
            for (String uri : new String[] {"tcp://10.0.0.7:2375", "unix:///" + "x".repeat(107)}) {
                NodeSpec node = NodeSpec.of("edge-1", URI.create(uri));
                OrchestratorException failure =
                        catchThrowableOfType(OrchestratorException.class, () -> DockerTransport.create()
                                .connect(node, "prod", runtime));
                assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(failure).hasMessageContaining("edge-1");
            }
        } finally {
            runtime.close();
        }
    }
}
