package io.orchestrator.operation;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a listing.
 *
 * @param items what the page holds, in the listing's order, unmodifiable
 * @param next an opaque cursor for the page after this one, empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> next) {
    /** The largest number of items that one page may hold. */
    public static final int MAX_LIMIT = 1000;

    public Page {
        items = List.copyOf(items);
    }

    /** Converts every item and keeps the cursor. */
    public <R> Page<R> map(Function<? super T, ? extends R> conversion) {
        return new Page<>(items.stream().<R>map(conversion).toList(), next);
    }
}
