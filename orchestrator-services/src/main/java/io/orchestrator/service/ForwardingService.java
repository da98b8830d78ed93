package io.orchestrator.service;

import io.orchestrator.operation.Operation;

/** A service that hands everything on to another one: the base of the kinds' live services and of decorators. */
public abstract class ForwardingService implements Service {
    private final Service base;

    protected ForwardingService(Service base) {
        this.base = base;
    }

    @Override
    public ServiceId id() {
        return base.id();
    }

    @Override
    public ServiceState state() {
        return base.state();
    }

    @Override
    public ServiceState check() {
        return base.check();
    }

    @Override
    public Operation<Service> submitRestart() {
        return base.submitRestart();
    }

    @Override
    public Operation<ServiceState> submitRemove(VolumePolicy policy) {
        return base.submitRemove(policy);
    }

    @Override
    public ServiceState remove() {
        return base.remove();
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
