package io.orchestrator.service;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The engines that the host gave, by kind and name. Immutable. */
final class Engines {
    private final TreeMap<String, ServiceEngine<?, ?>> engines = new TreeMap<>();

    Engines(Collection<ServiceEngine<?, ?>> given) {
        for (ServiceEngine<?, ?> engine : given) {
            String key = engine.profile().toString();
            if (engines.putIfAbsent(key, engine) != null) {
                throw OrchestratorException.invalid("two engines are called '" + key + "'");
            }
        }
    }

    SortedSet<String> kinds() {
        SortedSet<String> kinds = new TreeSet<>();
        engines.values().forEach(engine -> kinds.add(engine.profile().kind()));
        return kinds;
    }

    /** Refuses an engine of a specification that could not finish what it began after a restart. */
    void require(ServiceEngine<?, ?> engine) {
        String key = engine.profile().toString();
        ServiceEngine<?, ?> given = engines.get(key);
        if (given == null || !given.getClass().equals(engine.getClass())) {
            throw OrchestratorException.invalid(
                    "engine '" + key
                            + "' was not given to ServiceLaunchers.create; without it a service could not be finished after a restart");
        }
    }

    ServiceEngine<?, ?> of(StoredService service) {
        String key = service.id().kind() + "/" + service.engine();
        @Nullable ServiceEngine<?, ?> engine = engines.get(key);
        if (engine == null) {
            throw new OrchestratorException(
                    ErrorCode.UNSUPPORTED,
                    "engine '" + key + "' of service '" + service.id() + "' was not given to ServiceLaunchers.create");
        }
        return engine;
    }
}
