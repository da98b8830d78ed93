package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8PiecesTest {
    private final Utf8Pieces pieces = new Utf8Pieces();

    @Test
    void next_cutAtEveryByte_yieldsTheSameText() {
        String text = "aé€😀z\n😀";
        StringBuilder joined = new StringBuilder();

        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            joined.append(pieces.next(ByteBuffer.wrap(new byte[] {one})));
        }

        assertThat(joined.append(pieces.end())).hasToString(text);
    }

    @Test
    void next_malformedBytes_areReplacedAndTheRestIsKept() {
        byte[] bytes = {'a', (byte) 0xff, 'b', (byte) 0xc3};

        assertThat(pieces.next(ByteBuffer.wrap(bytes))).isEqualTo("a\ufffdb");
        assertThat(pieces.next(ByteBuffer.wrap(new byte[] {(byte) 0xa9}))).isEqualTo("é");
    }

    @Test
    void end_insideACharacter_replacesIt() {
        assertThat(pieces.next(ByteBuffer.wrap(new byte[] {(byte) 0xf0, (byte) 0x9f})))
                .isEmpty();

        assertThat(pieces.end()).isEqualTo("\ufffd");
    }
}
