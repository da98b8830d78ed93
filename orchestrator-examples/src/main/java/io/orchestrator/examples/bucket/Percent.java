package io.orchestrator.examples.bucket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding (RFC 3986 section 2.1) of strict UTF-8. */
final class Percent {
    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    private Percent() {}

    /** Decodes once; a bad escape, a raw byte that is not ASCII, or bytes that are not UTF-8 are the caller's fault. */
    static String decode(String raw) {
        var bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c > 0x7e) {
                throw HttpFault.badRequest("the address has a character that is not percent-encoded");
            }
            if (c == '%') {
                bytes.write(octet(raw, i + 1));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return utf8(bytes.toByteArray());
    }

    static String encode(String text) {
        var encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HttpFault.badRequest("the name is not valid UTF-8");
        }
    }

    private static int octet(String raw, int at) {
        if (at + 2 > raw.length()
                || !HexFormat.isHexDigit(raw.charAt(at))
                || !HexFormat.isHexDigit(raw.charAt(at + 1))) {
            throw HttpFault.badRequest("the address has a percent sign without two hexadecimal digits");
        }
        return HexFormat.fromHexDigits(raw, at, at + 2);
    }
}
