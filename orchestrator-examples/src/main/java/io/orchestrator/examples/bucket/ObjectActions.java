package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be done with objects over HTTP: the original's routes and those of the object API. */
final class ObjectActions {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final ObjectStore store;
    private final UploadForm form;

    ObjectActions(ObjectStore store) {
        this.store = store;
        this.form = new UploadForm(store);
    }

    void uploadForm(HttpExchange exchange, String rest, Watched watched) throws IOException {
        InputStream body = new PacedInput(exchange.getRequestBody(), watched);
        StoredObject object =
                form.receive(exchange.getRequestHeaders().getFirst("Content-Type"), body, watched::ownWork);
        watched.body();
        Reply.json(
                exchange,
                200,
                ordered(
                        "filename",
                        object.name(),
                        "detail",
                        "File uploaded to Data folder.",
                        "path",
                        "/data/download/" + Percent.encode(object.name())));
    }

    void write(HttpExchange exchange, String rest, Watched watched) throws IOException {
        try (Upload upload = store.upload(ObjectName.ofPath(rest), announcedLength(exchange))) {
            InputStream body = new PacedInput(exchange.getRequestBody(), watched);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                upload.write(buffer, count);
            }
            watched.ownWork();
            StoredObject object = upload.commit();
            watched.body();
            exchange.getResponseHeaders().set("ETag", object.etag());
            Reply.json(exchange, 200, described(object));
        }
    }

    private static long announcedLength(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        return length == null ? -1 : Long.parseLong(length); // the server has refused what is not a number
    }

    void read(HttpExchange exchange, String rest, Watched watched) throws IOException {
        try (ObjectStore.Opened opened = store.open(ObjectName.ofPath(rest))) {
            if (opened == null) {
                throw HttpFault.notFound();
            }
            Download.send(exchange, opened, watched);
        }
    }

    void delete(HttpExchange exchange, String rest, Watched watched) throws IOException {
        ObjectName name = ObjectName.ofPath(rest);
        if (!store.delete(name)) {
            throw HttpFault.notFound();
        }
        Reply.json(exchange, 200, Map.of("detail", "File '" + name.value() + "' deleted from Data folder."));
    }

    void listNames(HttpExchange exchange, String rest, Watched watched) throws IOException {
        ObjectIndex.Page page = page(exchange);
        List<String> names = page.objects().stream().map(StoredObject::name).toList();
        Reply.stream(exchange, withNext(ordered("files", names), page));
    }

    void list(HttpExchange exchange, String rest, Watched watched) throws IOException {
        ObjectIndex.Page page = page(exchange);
        Iterable<Map<String, Object>> objects =
                () -> page.objects().stream().map(ObjectActions::described).iterator();
        Reply.stream(exchange, withNext(ordered("objects", objects), page));
    }

    private ObjectIndex.Page page(HttpExchange exchange) {
        Query query = Query.parse(exchange.getRequestURI().getRawQuery());
        return store.page(query.prefix(), query.after(), query.limit());
    }

    private static Map<String, Object> withNext(Map<String, Object> body, ObjectIndex.Page page) {
        if (page.more()) {
            body.put("next", Query.cursor(page.objects().get(page.objects().size() - 1)));
        }
        return body;
    }

    private static Map<String, Object> described(StoredObject object) {
        return ordered(
                "name", object.name(),
                "size", object.size(),
                "last_modified", object.modified().toString(),
                "etag", object.etag());
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return map;
    }
}
