package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "512m, 512",
        "1g, 1024",
        "1.5G, 1536",
        "268435456, 256",
        "1048577b, 2",
        "64mb, 64",
        "2t, 2097152",
        "100 m, 100"
    })
    void mib_size_isRoundedUp(String text, long mib) {
        assertThat(MemorySize.mib(text)).hasValue(mib);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "m", "-1", "1e309", "NaN", "512m; rm", "0x10", "1,5g", "12mm", "１g", "9999999999999999999"})
    void mib_notASize_isEmpty(String text) {
        assertThat(MemorySize.mib(text)).isEmpty();
    }
}
