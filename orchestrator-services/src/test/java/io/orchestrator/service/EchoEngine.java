package io.orchestrator.service;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.security.Secret;
import java.net.URI;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An engine whose services answer as the test says. */
final class EchoEngine implements ServiceEngine<Echo, EchoEngine.Client> {
    /** Where it would call, and with what. */
    record Client(URI endpoint, Secret token) {}

    private final EngineProfile profile;
    private volatile Consumer<Client> answers = client -> {};

    EchoEngine(String... images) {
        EngineProfile.Builder builder =
                EngineProfile.builder("echo", "scripted").port("tcp", 7).dataPath("/echo");
        for (String image : images) {
            builder.image(image);
        }
        this.profile = builder.build();
    }

    /** What a call does from now on: nothing, or throw. */
    void answers(Consumer<Client> value) {
        answers = value;
    }

    @Override
    public EngineProfile profile() {
        return profile;
    }

    @Override
    public SortedMap<String, Secret> credentials(Supplier<Secret> random) {
        SortedMap<String, Secret> credentials = new TreeMap<>();
        credentials.put("token", random.get());
        return credentials;
    }

    @Override
    public void configure(ContainerSpec.Builder container, ServiceAccess access) {
        container.env("ECHO_TOKEN", access.credential("token"));
    }

    @Override
    public Client connect(URI endpoint, ServiceAccess access, ServiceHost host) {
        return new Client(endpoint, access.credential("token"));
    }

    @Override
    public void check(Client client, CallContext call) {
        answers.accept(client);
    }

    @Override
    public Echo live(Service base, Supplier<Client> client) {
        return new Echo(base, client);
    }
}
