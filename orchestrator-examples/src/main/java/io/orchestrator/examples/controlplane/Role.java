package io.orchestrator.examples.controlplane;

import io.javalin.security.RouteRole;

/** Who may use a route. A route that names none is refused to everybody. */
enum Role implements RouteRole {
    /** No token is needed. */
    ANYONE,
    /** Any token; what belongs to others does not exist. */
    USER,
    /** An administrator's token. */
    ADMIN
}
