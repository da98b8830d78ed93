package io.orchestrator.examples.controlplane;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request's end with a status of its own; everything in it is shown to the caller. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;

    /**
     * What is wrong with one value.
     *
     * @param type a word for programs, as the original's validator gave
     * @param location where it was, from the outside in, such as {@code body, config, image}
     * @param message a sentence for people
     */
    record FieldError(String type, List<String> location, String message) {}

    private ApiException(int status, String detail, List<FieldError> errors, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.errors = errors;
        this.headers = headers;
    }

    static ApiException of(int status, String detail) {
        return new ApiException(status, detail, List.of(), Map.of());
    }

    static ApiException of(int status, String detail, String header, String value) {
        return new ApiException(status, detail, List.of(), Map.of(header, value));
    }

    /** The same answer for what does not exist and for what belongs to somebody else. */
    static ApiException notFound(String what) {
        return of(404, what + " not found");
    }

    static ApiException invalid(List<FieldError> errors) {
        FieldError first = errors.get(0);
        String where = String.join(".", first.location());
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return new ApiException(422, where + ": " + first.message() + more, errors, Map.of());
    }

    static ApiException invalid(String type, List<String> location, String message) {
        return invalid(List.of(new FieldError(type, location, message)));
    }

    int status() {
        return status;
    }

    String detail() {
        return Optional.ofNullable(getMessage()).orElse("");
    }

    List<FieldError> errors() {
        return errors;
    }

    Map<String, String> headers() {
        return headers;
    }
}
