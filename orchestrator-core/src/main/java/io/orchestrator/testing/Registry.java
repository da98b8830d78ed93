package io.orchestrator.testing;

import java.util.function.Predicate;

/** Where the images of a fake cluster come from. Thread-safe. */
final class Registry {
    private volatile Predicate<String> pullable = image -> true;

    void pullable(Predicate<String> images) {
        pullable = images;
    }

    boolean has(String image) {
        return pullable.test(image);
    }
}
