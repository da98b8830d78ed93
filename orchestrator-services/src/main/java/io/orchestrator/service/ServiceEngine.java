package io.orchestrator.service;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import java.net.URI;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * A product that serves one kind of service: which container to run, and how to talk to it. One small class each; the
 * kinds have sub-interfaces that leave four methods to write.
 *
 * <p>Stateless and thread-safe. The library owns placement, ports, volumes, retries, polling, restarts and removal.
 *
 * @param <S> the kind's live service
 * @param <C> the kind's client
 */
public interface ServiceEngine<S extends Service, C> {
    /** What does not depend on the single service. Two engines of a kind have different names. */
    EngineProfile profile();

    /**
     * Makes the credentials of a new service; called once, before anything else is done for it.
     *
     * @param random yields another 256-bit secret of 43 characters of {@code [A-Za-z0-9_-]} each time
     * @return by name, at most 16; kept in the service's record
     */
    SortedMap<String, Secret> credentials(Supplier<Secret> random);

    /**
     * Adds what the image needs: environment from the credentials, command, user, memory file systems.
     *
     * <p>Image, owner, node, limits, port, volume and labels are set afterwards by the library. Called again after a crash
     * and must then give the same.
     */
    void configure(ContainerSpec.Builder container, ServiceAccess access);

    /**
     * Makes a client; no call is made yet. It may be made many times, and is dropped without being closed.
     *
     * @param endpoint scheme, address and port, without credentials
     */
    C connect(URI endpoint, ServiceAccess access, ServiceHost host);

    /**
     * Makes one cheap authenticated call that a working service answers; returns by the call's deadline.
     *
     * @throws OrchestratorException if it did not succeed; the code tells what was missing
     */
    void check(C client, CallContext call);

    /**
     * The kind's live service: what is common to all kinds, and the client.
     *
     * @param client makes a client for where the service is now
     */
    S live(Service base, Supplier<C> client);
}
