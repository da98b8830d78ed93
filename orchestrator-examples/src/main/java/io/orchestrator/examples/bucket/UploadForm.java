package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the one file of an upload form. The object becomes visible only after the whole form was read and was good. */
final class UploadForm {
    private static final String FIELD = "file";
    private static final int BUFFER_BYTES = 32 * 1024;

    private final ObjectStore store;

    UploadForm(ObjectStore store) {
        this.store = store;
    }

    StoredObject receive(@Nullable String contentType, InputStream body, Runnable beforeCommit) throws IOException {
        HeaderValue type = HeaderValue.parse(contentType == null ? "" : contentType);
        String boundary = type.parameter("boundary");
        if (!type.value().equals("multipart/form-data") || boundary == null) {
            throw missing();
        }
        var form = new MultipartReader(body, boundary);
        ObjectName name = null;
        for (Map<String, String> part = form.next(); part != null; part = form.next()) {
            name = fileName(part);
            if (name != null) {
                return receive(form, name, beforeCommit);
            }
        }
        throw missing();
    }

    private StoredObject receive(MultipartReader form, ObjectName name, Runnable beforeCommit) throws IOException {
        try (Upload upload = store.upload(name, -1)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = form.read(buffer); count >= 0; count = form.read(buffer)) {
                upload.write(buffer, count);
            }
            for (Map<String, String> part = form.next(); part != null; part = form.next()) {
                if (fileName(part) != null) {
                    throw HttpFault.invalid("the form has more than one file");
                }
            }
            beforeCommit.run();
            return upload.commit();
        }
    }

    /** The name of the file in this part; null if it is some other field. */
    private static @Nullable ObjectName fileName(Map<String, String> part) {
        HeaderValue disposition = HeaderValue.parse(part.getOrDefault("content-disposition", ""));
        if (!FIELD.equals(disposition.parameter("name"))) {
            return null;
        }
        String extended = disposition.parameter("filename*");
        if (extended != null) {
            // RFC 7578 forbids this form, but older Python clients use it for names that are not ASCII.
            String prefix = "utf-8''";
            if (!extended.regionMatches(true, 0, prefix, 0, prefix.length())) {
                throw HttpFault.badRequest("the extended file name is not UTF-8");
            }
            return ObjectName.ofPath(extended.substring(prefix.length()));
        }
        String name = disposition.parameter("filename");
        if (name == null) {
            throw HttpFault.invalid("the form field 'file' has no file name");
        }
        return new ObjectName(name);
    }

    private static HttpFault missing() {
        return HttpFault.invalid("the form has no file in a field named 'file'");
    }
}
