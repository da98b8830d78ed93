package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MultipartReaderTest {
    private static final String BODY = "preamble\r\n--bound\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
            + "one\r\n--boun\r\n-\r\r\n--two\r\n--bound \t\r\nX-Y: z\r\n\r\n\r\n--bound--\r\nepilogue";

    @Test
    void read_bodySplitAtEveryOffset_givesTheSameParts() throws IOException {
        for (int split = 0; split <= BODY.length(); split++) {
            var in = new SequenceInputStream(bytes(BODY.substring(0, split)), bytes(BODY.substring(split)));

            List<String> parts = parts(new MultipartReader(in, "bound"));

            assertThat(parts).as("split at %d", split).containsExactly("one\r\n--boun\r\n-\r\r\n--two", "");
        }
    }

    @Test
    void read_oneByteAtATime_givesTheSameParts() throws IOException {
        List<String> parts = parts(new MultipartReader(new Dripping(BODY), "bound"));

        assertThat(parts).containsExactly("one\r\n--boun\r\n-\r\r\n--two", "");
    }

    @Test
    void read_delimiterAtEveryOffsetOfTheWindow_givesExactBytes() throws IOException {
        var random = new Random(7);
        String head = "--bound\r\n\r\n";
        for (int length = 32 * 1024 - 64; length < 32 * 1024 + 8; length++) {
            byte[] content = new byte[length];
            random.nextBytes(content);
            var body = new ByteArrayOutputStream();
            body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(content);
            body.writeBytes("\r\n--bound--".getBytes(StandardCharsets.US_ASCII));
            var form = new MultipartReader(new ByteArrayInputStream(body.toByteArray()), "bound");

            assertThat(form.next()).isEmpty();
            assertThat(content(form)).as("length %d", length).isEqualTo(content);
            assertThat(form.next()).isNull();
        }
    }

    @Test
    void read_everyTruncation_isAFault() {
        String whole = BODY.substring(0, BODY.indexOf("--\r\nepilogue") + 2);
        for (int length = 0; length < whole.length(); length++) {
            var form = new MultipartReader(bytes(whole.substring(0, length)), "bound");

            assertThatThrownBy(() -> parts(form))
                    .as("cut at %d", length)
                    .isInstanceOf(HttpFault.class)
                    .hasMessageContaining("before its closing boundary");
        }
    }

    @Test
    void next_hugeHeaders_isAFault() {
        var form = new MultipartReader(bytes("--b\r\nX: " + "y".repeat(9000) + "\r\n\r\n"), "b");

        assertThatThrownBy(form::next).hasMessageContaining("longer than 8192 bytes");
    }

    @Test
    void next_textAfterDelimiter_isAFault() {
        var form = new MultipartReader(bytes("--bound\r\n\r\ncontent\r\n--boundary\r\n"), "bound");

        assertThatThrownBy(() -> parts(form)).hasMessageContaining("followed by other text");
    }

    @Test
    void next_headerWithoutColonOrTwice_isAFault() {
        var nameless = new MultipartReader(bytes("--b\r\nnonsense\r\n\r\n"), "b");
        var twice = new MultipartReader(bytes("--b\r\nA: 1\r\na: 2\r\n\r\n"), "b");

        assertThatThrownBy(nameless::next).hasMessageContaining("no name");
        assertThatThrownBy(twice::next).hasMessageContaining("given twice");
    }

    @Test
    void next_tooManyParts_isAFault() {
        var form = new MultipartReader(bytes("--b\r\n\r\n\r\n".repeat(100_000)), "b");

        assertThatThrownBy(() -> parts(form)).hasMessageContaining("more than 32 parts");
    }

    @Test
    void next_endlessPreamble_isAFault() {
        var form = new MultipartReader(bytes("x".repeat(70_000)), "b");

        assertThatThrownBy(form::next).hasMessageContaining("65536 bytes besides the file");
    }

    @Test
    void create_boundaryEmptyOrTooLong_isAFault() {
        assertThatThrownBy(() -> new MultipartReader(bytes(""), "")).hasMessageContaining("1 to 70");
        assertThatThrownBy(() -> new MultipartReader(bytes(""), "b".repeat(71))).hasMessageContaining("1 to 70");
    }

    private static List<String> parts(MultipartReader form) throws IOException {
        var parts = new ArrayList<String>();
        while (form.next() != null) {
            parts.add(new String(content(form), StandardCharsets.ISO_8859_1));
        }
        return parts;
    }

    private static byte[] content(MultipartReader form) throws IOException {
        var content = new ByteArrayOutputStream();
        byte[] buffer = new byte[1000];
        for (int count = form.read(buffer); count >= 0; count = form.read(buffer)) {
            content.write(buffer, 0, count);
        }
        return content.toByteArray();
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static final class Dripping extends InputStream {
        private final InputStream in;

        Dripping(String text) {
            this.in = bytes(text);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return in.read(into, offset, Math.min(length, 1));
        }
    }
}
