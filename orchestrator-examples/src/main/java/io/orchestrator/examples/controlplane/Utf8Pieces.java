package io.orchestrator.examples.controlplane;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns a stream of bytes into text piece by piece: a character that is cut by the end of one piece comes with the next. */
final class Utf8Pieces {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer incomplete = ByteBuffer.allocate(0);

    /** The complete characters so far; may be empty. */
    String next(ByteBuffer bytes) {
        return decode(bytes, false);
    }

    /** What a stream left that ended inside a character. */
    String end() {
        return decode(ByteBuffer.allocate(0), true);
    }

    private String decode(ByteBuffer bytes, boolean last) {
        ByteBuffer all = ByteBuffer.allocate(incomplete.remaining() + bytes.remaining())
                .put(incomplete)
                .put(bytes.duplicate())
                .flip();
        // one char for each byte is always enough, and one more for the replacement of a rest
        CharBuffer text = CharBuffer.allocate(all.remaining() + 1);
        var unused = decoder.decode(all, text, last);
        incomplete = all.slice();
        return text.flip().toString();
    }
}
