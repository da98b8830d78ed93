package io.orchestrator.examples.controlplane;

import java.util.Objects;

/** The control-plane server's entry point. Prints its version and usage; it serves nothing yet. */
public final class ControlPlane {
    private ControlPlane() {}

    /** Prints the version and the usage to standard output. */
    public static void main(String[] args) {
        // Only the jar's manifest states the version: class directories have none.
        String version =
                Objects.requireNonNullElse(ControlPlane.class.getPackage().getImplementationVersion(), "(unpackaged)");
        System.out.println("orchestrator control plane " + version);
        System.out.println("usage: java -jar control-plane.jar");
    }
}
