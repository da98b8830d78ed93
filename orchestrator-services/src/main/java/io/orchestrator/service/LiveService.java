package io.orchestrator.service;

import io.orchestrator.operation.Operation;

/** The handle: an id and where to ask. */
record LiveService(ServiceId id, Services services) implements Service {
    @Override
    public ServiceState state() {
        return services.state(services.read(id));
    }

    @Override
    public ServiceState check() {
        return services.check(id);
    }

    @Override
    public Operation<Service> submitRestart() {
        return services.restart(id);
    }

    @Override
    public Operation<ServiceState> submitRemove(VolumePolicy policy) {
        return services.remove(id, policy);
    }

    @Override
    public ServiceState remove() {
        return remove(services.read(id).onRemove());
    }

    @Override
    public String toString() {
        return "Service[" + id + "]";
    }
}
