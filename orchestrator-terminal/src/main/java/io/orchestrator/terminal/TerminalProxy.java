package io.orchestrator.terminal;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.spi.HostRuntime;
import java.util.List;

/**
 * Opens terminals into running containers and ends them with everything they started.
 *
 * <p>Thread-safe. It does not decide who may open a terminal: check that first, for example by finding the container
 * through {@link ContainerLauncher#ownedBy}.
 */
public interface TerminalProxy extends AutoCloseable {
    /** A proxy into all of the orchestrator's containers, with the default limits. Close it before the orchestrator. */
    static TerminalProxy create(Orchestrator orchestrator) {
        return create(orchestrator.containers(), orchestrator.runtime(), TerminalLimits.defaults());
    }

    /**
     * A proxy built on its own from the parts it needs. Neither part is closed with it.
     *
     * @param containers where containers are looked up; an owner's view gives terminals into that owner's containers only
     */
    static TerminalProxy create(ContainerLauncher containers, HostRuntime runtime, TerminalLimits limits) {
        return new LiveTerminalProxy(containers, runtime, limits);
    }

    /** Opens a shell: {@code bash} where the image has it, otherwise {@code sh}. As {@link #open(TerminalRequest, TerminalClient)}. */
    default TerminalSession open(ContainerId container, TerminalSize size, TerminalClient client) {
        return open(TerminalRequest.builder(container).size(size).build(), client);
    }

    /**
     * Starts the command on a terminal, hands the session to the client and returns it; waits for the node 30 s at most.
     *
     * @throws TerminalRefusedException if it cannot be opened, with the reason to close the client's connection with; the
     *     client was then not called
     */
    TerminalSession open(TerminalRequest request, TerminalClient client);

    /** The sessions that are open or whose processes are still being ended, oldest first. */
    List<TerminalSession> sessions();

    /** Refuses new sessions, ends the open ones and waits until their processes are dead, 15 s at most. Idempotent. */
    @Override
    void close();
}
