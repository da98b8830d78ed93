package io.orchestrator.transport.docker;

import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a real unix socket that answers as a test tells it to, well or badly. */
final class ScriptedEngine implements AutoCloseable {
    private static final String PING = "/_ping";

    private final HostRuntime runtime;
    private final Waiter waiter;
    private final Path directory;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger endedByClient = new AtomicInteger();
    private volatile String apiVersion = "1.41";
    private volatile boolean reading = true;
    private volatile Script script = (request, peer) -> peer.hang();

    ScriptedEngine(HostRuntime runtime) throws IOException {
        this.runtime = runtime;
        this.waiter = runtime.waiter();
        this.directory = Files.createTempDirectory("engine");
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket()));
        runtime.execute("scripted-accept", this::accept);
    }

    /** What the server does with each request but pings. */
    interface Script {
        void answer(String requestLine, Peer peer) throws IOException;
    }

    /** The connection that a request came on. */
    interface Peer {
        void send(String bytes) throws IOException;

        /** Sends nothing more and waits until the client ends the connection. */
        void hang() throws IOException;

        void close() throws IOException;

        /** Waits a moment; false once the client ended the connection. */
        boolean pause(Duration duration) throws IOException;
    }

    URI uri() {
        return URI.create("unix://" + socket());
    }

    private Path socket() {
        return directory.resolve("s");
    }

    void script(Script value) {
        script = value;
    }

    /** Answers every request but pings with these bytes, each of which stands for one octet. */
    void answering(String bytes) {
        script = (request, peer) -> peer.send(bytes);
    }

    /** Answers with these bytes and ends the connection. */
    void answeringAndClosing(String bytes) {
        script = (request, peer) -> {
            peer.send(bytes);
            peer.close();
        };
    }

    void apiVersion(String value) {
        apiVersion = value;
    }

    /** From now on takes connections but nothing from them. */
    void stopReading() {
        reading = false;
    }

    /** The first line of every request so far, pings too. */
    List<String> requests() {
        return requests;
    }

    int accepted() {
        return accepted.get();
    }

    /** Waits until the client ended that many connections. */
    boolean awaitEnded(int connections) {
        return waiter.await(() -> endedByClient.get() >= connections, Duration.ofSeconds(10));
    }

    /** Ends every connection, as a restart of the engine does. */
    void dropConnections() {
        open.forEach(ScriptedEngine::closeQuietly);
        open.clear();
        waiter.wake();
    }

    @Override
    public void close() throws IOException {
        server.close();
        dropConnections();
        Files.deleteIfExists(socket());
        Files.deleteIfExists(directory);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                accepted.incrementAndGet();
                open.add(channel);
                runtime.execute("scripted-serve", () -> serve(channel));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(SocketChannel channel) {
        Connection peer = new Connection(channel);
        try {
            while (reading) {
                String request = peer.readRequest();
                if (request.isEmpty()) {
                    endedByClient.incrementAndGet();
                    waiter.wake();
                    return;
                }
                requests.add(request);
                if (request.contains(PING)) {
                    peer.send("HTTP/1.1 200 OK\r\nApi-Version: " + apiVersion + "\r\nContent-Length: 2\r\n\r\nOK");
                } else {
                    script.answer(request, peer);
                }
            }
            waiter.await(() -> !channel.isOpen(), Duration.ofSeconds(20));
        } catch (IOException | UncheckedIOException ended) {
            endedByClient.incrementAndGet();
            waiter.wake();
        } finally {
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // nobody is left to tell
        }
    }

    private final class Connection implements Peer {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(65_536).limit(0);

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        /** The request's first line; empty if the client ended the connection. */
        private String readRequest() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = next();
                if (octet < 0) {
                    return "";
                }
                head.append((char) octet);
            }
            int length = head.indexOf("Content-Length: ");
            if (length >= 0) {
                String digits = head.substring(length + 16, head.indexOf("\r\n", length));
                for (int left = Integer.parseInt(digits); left > 0; left--) {
                    next();
                }
            }
            return head.substring(0, head.indexOf("\r\n"));
        }

        private int next() throws IOException {
            if (!in.hasRemaining()) {
                int count = channel.read(in.clear());
                in.flip();
                if (count < 0) {
                    return -1;
                }
            }
            return in.get() & 0xff;
        }

        @Override
        public void send(String bytes) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        @Override
        public void hang() throws IOException {
            while (next() >= 0) {
                // what comes is of no interest
            }
            throw new IOException("the client ended the connection");
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        @Override
        public boolean pause(Duration duration) {
            return !waiter.await(() -> !channel.isOpen(), duration);
        }
    }
}
