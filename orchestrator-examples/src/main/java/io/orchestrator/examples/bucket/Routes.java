package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/** Which action serves which method and path, and what an action gets. */
final class Routes {
    /** Serves one request. */
    interface Action {
        /** {@code rest} is the raw path after the route's prefix: the name of an object, or empty. */
        void serve(HttpExchange exchange, String rest, Watched watched) throws IOException;
    }

    private record Route(String path, boolean named, Map<String, Action> actions) {
        boolean matches(String requested) {
            return named ? requested.startsWith(path) : requested.equals(path);
        }
    }

    private final Semaphore transfers;
    private final List<Route> routes;

    Routes(ObjectActions objects, HealthAction health, Semaphore transfers) {
        this.transfers = transfers;
        this.routes = List.of(
                new Route("/health", false, Map.of("GET", health)),
                new Route("/data/upload", false, Map.of("POST", transfer(objects::uploadForm))),
                new Route("/data/files", false, Map.of("GET", objects::listNames)),
                new Route("/data/download/", true, Map.of("GET", transfer(objects::read))),
                new Route("/data/delete/", true, Map.of("DELETE", objects::delete)),
                new Route("/data/objects", false, Map.of("GET", objects::list)),
                new Route(
                        "/data/objects/",
                        true,
                        Map.of(
                                "PUT",
                                transfer(objects::write),
                                "GET",
                                transfer(objects::read),
                                "HEAD",
                                objects::read,
                                "DELETE",
                                objects::delete)));
    }

    void serve(HttpExchange exchange, Watched watched) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        for (Route route : routes) {
            if (route.matches(path)) {
                Action action = route.actions().get(exchange.getRequestMethod());
                if (action == null) {
                    Set<String> allowed = new TreeSet<>(route.actions().keySet());
                    exchange.getResponseHeaders().set("Allow", String.join(", ", allowed));
                    throw new HttpFault(405, "Method Not Allowed");
                }
                action.serve(exchange, path.substring(route.path().length()), watched);
                return;
            }
        }
        throw new HttpFault(404, "Not Found");
    }

    /** Limits how many bodies move at once, below the number of threads: health and listings must always find one. */
    private Action transfer(Action action) {
        return (exchange, rest, watched) -> {
            if (!transfers.tryAcquire()) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                throw new HttpFault(503, "as many transfers are running as this service allows");
            }
            try {
                action.serve(exchange, rest, watched);
            } finally {
                transfers.release();
            }
        };
    }
}
