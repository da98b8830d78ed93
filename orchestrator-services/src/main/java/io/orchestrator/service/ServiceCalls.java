package io.orchestrator.service;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** Where services are, and calls to them through their engines. */
final class ServiceCalls {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final Engines engines;
    private final ContainerLauncher containers;
    private final ServiceHost host;

    ServiceCalls(Engines engines, ContainerLauncher containers, HostRuntime runtime) {
        this.engines = engines;
        this.containers = containers;
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(task -> execute(runtime, task))
                .build();
        this.host = new ServiceHost(runtime, http);
    }

    private static void execute(HostRuntime runtime, Runnable task) {
        try {
            runtime.execute("service-http", task);
        } catch (OrchestratorException closed) {
            throw new RejectedExecutionException(closed); // what the HTTP client knows how to handle
        }
    }

    Engines engines() {
        return engines;
    }

    HostRuntime runtime() {
        return host.runtime();
    }

    /** The service's container; empty before it was submitted and after it was removed. */
    Optional<ContainerState> container(StoredService service) {
        return service.container().flatMap(containers::find).map(Container::state);
    }

    /** Where the container publishes the service; the host port stays reserved while the container exists. */
    static Optional<URI> endpoint(StoredService service, ContainerState container) {
        return container.ports().stream()
                .filter(port -> port.containerPort() == service.port())
                .findFirst()
                .map(port -> uri(service.scheme(), port));
    }

    private static URI uri(String scheme, PublishedPort port) {
        try {
            // this constructor puts the brackets around an IPv6 address
            return new URI(scheme, null, port.hostAddress(), port.hostPort(), null, null, null);
        } catch (URISyntaxException impossible) {
            throw new OrchestratorException(
                    ErrorCode.INTERNAL, "'" + port.hostAddress() + "' is not an address", impossible);
        }
    }

    /** A client for where the service is now. */
    <C> C client(ServiceEngine<?, C> engine, StoredService service) {
        URI endpoint = container(service)
                .flatMap(container -> endpoint(service, container))
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.NODE_UNREACHABLE,
                        "service '" + service.id() + "' has no container now; look at its state for the reason"));
        return engine.connect(endpoint, service, host);
    }

    /** Makes one authenticated call, 5 s at most. */
    void check(StoredService service, CallContext outer) {
        check(engines.of(service), service, outer);
    }

    private <C> void check(ServiceEngine<?, C> engine, StoredService service, CallContext outer) {
        Duration left = outer.remaining();
        Duration timeout = left.compareTo(CHECK_TIMEOUT) < 0 ? left : CHECK_TIMEOUT;
        CallContext call = CallContext.startingNow(host.runtime()::nanoTime, timeout);
        Runnable forget = outer.onCancel(call::cancel);
        try {
            engine.check(client(engine, service), call);
        } catch (OrchestratorException failure) {
            throw failure;
        } catch (RuntimeException defect) {
            // its message is not ours, and may show what it should not
            throw new OrchestratorException(
                    ErrorCode.INTERNAL,
                    "engine '" + engine.profile() + "' broke: "
                            + defect.getClass().getName());
        } finally {
            forget.run();
        }
    }
}
