package io.orchestrator.container;

/** The transport protocol of a port. */
public enum Protocol {
    TCP,
    UDP;

    /** The lower-case name that engines use. */
    public String wireName() {
        return this == TCP ? "tcp" : "udp";
    }
}
