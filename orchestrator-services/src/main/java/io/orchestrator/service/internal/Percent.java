package io.orchestrator.service.internal;

import io.orchestrator.operation.OrchestratorException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding (RFC 3986 section 2.1) that leaves nothing to read as a path: dots and slashes are encoded too. */
public final class Percent {
    private static final String KEPT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_~";

    private Percent() {}

    /**
     * Encodes the UTF-8 bytes of the text.
     *
     * @throws OrchestratorException for half a surrogate pair, which has no bytes to encode
     */
    public static String encode(String text) {
        var encoded = new StringBuilder(text.length() * 3);
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException half) {
            throw OrchestratorException.invalid("a name holds half a surrogate pair");
        }
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b > 0 && KEPT.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
