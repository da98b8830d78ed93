package io.orchestrator.service;

import java.util.function.Supplier;

/** A kind of service for tests. */
final class Echo extends ForwardingService {
    private final Supplier<EchoEngine.Client> client;

    Echo(Service base, Supplier<EchoEngine.Client> client) {
        super(base);
        this.client = client;
    }

    EchoEngine.Client client() {
        return client.get();
    }
}
