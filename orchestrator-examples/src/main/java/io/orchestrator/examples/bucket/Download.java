package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Sends an object, or one range of it. Whoever opens it gets that version to the end, whatever happens to the name. */
final class Download {
    private static final int BUFFER_BYTES = 32 * 1024;

    private Download() {}

    static void send(HttpExchange exchange, ObjectStore.Opened opened, Watched watched) throws IOException {
        StoredObject object = opened.object();
        Headers headers = exchange.getResponseHeaders();
        describe(object, headers);
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Long.toString(object.size()));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        ByteRange range = range(exchange.getRequestHeaders(), object, headers);
        if (range != null) {
            headers.set("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + object.size());
        }
        long length = range == null ? object.size() : range.length();
        // To this server a length of 0 means chunked and -1 means none.
        exchange.sendResponseHeaders(range == null ? 200 : 206, length == 0 ? -1 : length);
        if (length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                copy(opened.file(), range == null ? 0 : range.first(), length, out, watched);
            }
        }
    }

    private static void describe(StoredObject object, Headers headers) {
        String type = URLConnection.getFileNameMap().getContentTypeFor(object.name());
        headers.set("Content-Type", type == null ? "application/octet-stream" : type);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Disposition", disposition(object.name()));
        headers.set("ETag", object.etag());
        headers.set("Last-Modified", modified(object));
        headers.set("Accept-Ranges", "bytes");
    }

    private static String modified(StoredObject object) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified().atOffset(ZoneOffset.UTC));
    }

    /** RFC 6266: plain ASCII for every client, and beside it the exact name when the two differ. */
    static String disposition(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\%]", "_");
        String header = "attachment; filename=\"" + plain + "\"";
        return plain.equals(name) ? header : header + "; filename*=UTF-8''" + Percent.encode(name);
    }

    private static @Nullable ByteRange range(Headers request, StoredObject object, Headers response) {
        String condition = request.getFirst("If-Range");
        if (condition != null && !condition.equals(object.etag()) && !condition.equals(modified(object))) {
            return null; // the client has a part of another version: it needs all of this one
        }
        try {
            return ByteRange.parse(request.getFirst("Range"), object.size());
        } catch (HttpFault e) {
            response.remove("Content-Disposition");
            response.set("Content-Range", "bytes */" + object.size());
            throw e;
        }
    }

    private static void copy(FileChannel file, long from, long length, OutputStream out, Watched watched)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        byte[] bytes = buffer.array();
        long end = from + length;
        for (long at = from; at < end; ) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
            int count = file.read(buffer, at);
            if (count < 0) {
                throw new EOFException("an object became shorter while it was sent");
            }
            out.write(bytes, 0, count);
            watched.progress(count);
            at += count;
        }
    }
}
