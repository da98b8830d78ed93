package io.orchestrator.examples.controlplane;

/**
 * Who a token stands for.
 *
 * @param name the tenant that it acts as
 * @param role {@link Role#USER} or {@link Role#ADMIN}
 */
record Principal(String name, Role role) {
    boolean administrator() {
        return role == Role.ADMIN;
    }

    /** Whether this caller may act on what belongs to that tenant. */
    boolean mayActFor(String tenant) {
        return administrator() || name.equals(tenant);
    }
}
