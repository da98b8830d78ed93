package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-9, 0, 9",
        "bytes=3-5, 3, 5",
        "bytes=3-, 3, 9",
        "bytes=3-500, 3, 9",
        "bytes=-4, 6, 9",
        "bytes=-10, 0, 9",
        "bytes=-500, 0, 9",
        "bytes=9-999999999999999999, 9, 9"
    })
    void parse_inside_isClippedToTheObject(String header, long first, long last) {
        assertThat(ByteRange.parse(header, 10)).isEqualTo(new ByteRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=999999999999999999-", "bytes=-0"})
    void parse_outside_isTheFault416(String header) {
        assertThatThrownBy(() -> ByteRange.parse(header, 10))
                .isInstanceOfSatisfying(
                        HttpFault.class, fault -> assertThat(fault.status()).isEqualTo(416));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-3",
                "bytes=0-1,3-4",
                "lines=1-2",
                "bytes=a-b",
                "bytes=--1"
            })
    void parse_malformedOrSeveral_isTheWholeObject(String header) {
        assertThat(ByteRange.parse(header, 10)).isNull();
    }

    @Test
    void parse_emptyObject_hasNoRange() {
        assertThat(ByteRange.parse(null, 0)).isNull();
        assertThatThrownBy(() -> ByteRange.parse("bytes=0-", 0)).isInstanceOf(HttpFault.class);
        assertThatThrownBy(() -> ByteRange.parse("bytes=-1", 0)).isInstanceOf(HttpFault.class);
    }
}
