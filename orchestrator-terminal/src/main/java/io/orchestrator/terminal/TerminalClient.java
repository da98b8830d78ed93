package io.orchestrator.terminal;

import java.nio.ByteBuffer;

/**
 * The user's side of a session: what a host writes once for its WebSocket (or any other) connection.
 *
 * <p>It mirrors {@link TerminalSession}. Whoever can take bytes says how many chunks it can take, and the other side never
 * sends more:
 *
 * <table>
 * <caption>The two directions</caption>
 * <tr><th></th><th>demand</th><th>bytes</th></tr>
 * <tr><td>shell to user</td><td>{@link TerminalSession#requestOutput}</td><td>{@link #output}</td></tr>
 * <tr><td>user to shell</td><td>{@link #requestInput}</td><td>{@link TerminalSession#input}</td></tr>
 * </table>
 *
 * <p>A WebSocket adapter asks for a few chunks in {@link #opened} and for one more each time a send completed; it reads as
 * many messages from its socket as {@link #requestInput} asked for. Where the socket's handler may only block, a semaphore
 * does: {@code requestInput} releases permits, the handler acquires one before each {@link TerminalSession#input}.
 *
 * <p>The methods are called on threads of the library and must not block. {@link #opened}, {@link #output} and {@link
 * #closed} are called one at a time and in this order; {@link #requestInput} may be called beside them and once more just
 * after {@link #closed}. One that throws ends the session.
 */
public interface TerminalClient {
    /** Hands over the session before anything else happens on it. */
    void opened(TerminalSession session);

    /** Takes 1 to 16,384 bytes of output, exactly as the shell wrote them; they may end inside a character. The buffer is the client's to keep. */
    void output(ByteBuffer bytes);

    /** Says that the session takes so many more messages of input. */
    void requestInput(int messages);

    /** Says that the session ended; nothing follows. Not called for a session that could not be opened. */
    void closed(CloseReason reason);
}
