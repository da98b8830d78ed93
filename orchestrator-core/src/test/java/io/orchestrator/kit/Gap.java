package io.orchestrator.kit;

/** A promise that a transport knowingly does not keep; its documentation says so, and the kit reports the cases as skipped. */
public enum Gap {
    /** Every image name is taken for present. */
    UNKNOWN_IMAGES,
    /** The engine has no containers but those made through this library. */
    FOREIGN_CONTAINERS,
    /** Commands run as the user the node runs as, whatever user was asked for. */
    USERS,
    /** Commands run on pipes only. */
    TERMINALS,
    /** An init process starts every command: one that does not exist is not seen by the start, it ends with code 127. */
    UNKNOWN_COMMANDS
}
