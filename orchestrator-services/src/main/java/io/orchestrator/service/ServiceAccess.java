package io.orchestrator.service;

import io.orchestrator.security.Secret;

/** What a service's engine may know of it: who it is and what opens it. */
public interface ServiceAccess {
    /** The service's id. */
    ServiceId id();

    /**
     * A credential that {@link ServiceEngine#credentials} made for this service.
     *
     * @throws IllegalArgumentException if it made none of that name
     */
    Secret credential(String name);
}
