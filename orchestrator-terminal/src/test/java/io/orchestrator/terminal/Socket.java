package io.orchestrator.terminal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The connection of the guide, as it stands there. */
interface Socket {
    void send(ByteBuffer binary, Runnable sent, Consumer<Throwable> failed);

    void read(int messages);

    void close(int code, String text);
}
