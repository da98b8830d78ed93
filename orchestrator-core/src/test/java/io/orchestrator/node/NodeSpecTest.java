package io.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeSpecTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.10.0.9, 255.10.0.9",
        "::, ::",
        "::1, ::1",
        "fd00:0:0:0:0:0:0:1, fd00::1",
        "FD00::00A1, fd00::a1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:1:0:0:0:2:3, 0:0:1::2:3",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "::ffff:10.0.0.7, 10.0.0.7",
        "64:ff9b::10.0.0.7, 64:ff9b::a00:7"
    })
    void serviceAddress_literal_isKeptAsEnginesShowIt(String given, String kept) {
        assertThat(spec(given).serviceAddress()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cafe",
                "dead.beef",
                "localhost",
                "999.999.999.999",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.04",
                "10.1",
                "1:2",
                "a:b.c",
                ":::",
                ".:1",
                "1:2:3:4:5:6:7:8:9",
                "12345::1",
                "::ffff:999.0.0.1",
                "fe80::1%eth0",
                "[::1]",
                "::1 ",
                "127.0.0.1:80"
            })
    void serviceAddress_anythingElse_isRefused(String given) {
        assertThatThrownBy(() -> spec(given))
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("edge-1");
    }

    private static NodeSpec spec(String serviceAddress) {
        return NodeSpec.builder("edge-1", URI.create("fake:edge-1"))
                .serviceAddress(serviceAddress)
                .build();
    }
}
