package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.VolumeStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every transport must do, whatever it speaks to. Extend it once per transport; the node may be shared by all cases,
 * each case uses installations and names of its own and removes what it made.
 *
 * <p>Containers are described by {@code sh} scripts in the small part of the shell language that every engine's image has:
 * the image needs {@code sh} (with {@code echo}, {@code printf}, {@code read}, {@code trap}), {@code sleep} with fractions,
 * {@code cat}, {@code head -c}, {@code seq}, {@code id}, {@code pwd}, {@code setsid}, {@code nohup} and {@code stty}.
 */
public abstract class NodeTransportContract {
    private static final List<Class<?>> ABILITIES =
            List.of(ExecRunner.class, ImageStore.class, LogSource.class, VolumeStore.class);

    private final HostRuntime runtime = new ThreadRuntime();
    private final KitNode node = new KitNode(this, runtime, "kit-" + KitNode.unique(runtime));
    private final KitNode other = new KitNode(this, runtime, "kit-" + KitNode.unique(runtime));

    /** Connects to the one node of this test, for that installation. Called several times; the kit closes the result. */
    protected abstract NodeTransport connect(String installation, HostRuntime runtime);

    /** Which of {@link ExecRunner}, {@link ImageStore}, {@link LogSource}, {@link VolumeStore} the transport has. */
    protected abstract Set<Class<?>> abilities();

    /** The name of an image that is on the node and has what the scripts need. */
    protected abstract String image();

    /** The promises that are knowingly not kept; none by default. */
    protected Set<Gap> gaps() {
        return EnumSet.noneOf(Gap.class);
    }

    /** The specification of a container that runs the script with {@code $1…} set to the arguments. */
    protected ContainerSpec.Builder script(String script, String... arguments) {
        String[] entrypoint = new String[4 + arguments.length];
        entrypoint[0] = "sh";
        entrypoint[1] = "-c";
        entrypoint[2] = script;
        entrypoint[3] = "sh";
        System.arraycopy(arguments, 0, entrypoint, 4, arguments.length);
        return ContainerSpec.builder(image()).memoryMib(64).entrypoint(entrypoint);
    }

    /**
     * Makes a container of that name without any label of this library and returns its engine id. Not called with {@link
     * Gap#FOREIGN_CONTAINERS}.
     */
    protected String createForeign(String name) {
        throw new AssertionError("override createForeign for '" + name + "' or declare the gap");
    }

    /** Deletes what {@link #createForeign} made. */
    protected void removeForeign(String engineId) {
        throw new AssertionError("override removeForeign for '" + engineId + "' or declare the gap");
    }

    /** A directory that exists in every container and that its user may write to. */
    protected String scratch() {
        return "/tmp";
    }

    /** What a script writes for a path at which a volume was mounted; the path itself unless nothing is really mounted. */
    protected String mounted(String path) {
        return path;
    }

    /** A host port that nothing uses now. */
    protected int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Keeps a host port of the node's loopback address busy until the result is closed. */
    protected AutoCloseable occupy(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    /** The name of an image that is not on the node but can be pulled; empty if there is none to test with. */
    protected Optional<String> pullableImage() {
        return Optional.empty();
    }

    @BeforeEach
    final void connectToTheNode() {
        node.connect();
        other.connect();
    }

    @AfterEach
    final void removeWhatWasMade() {
        node.removeAll();
        other.removeAll();
        runtime.close();
    }

    final KitNode node() {
        return node;
    }

    /** The same node for another installation. */
    final KitNode other() {
        return other;
    }

    @Test
    final void as_everyAbility_isAsDeclared() {
        Set<Class<?>> declared = abilities();

        assertThat(ABILITIES).containsAll(declared);
        for (Class<?> ability : ABILITIES) {
            assertThat(node.transport().as(ability).isPresent())
                    .as(ability.getSimpleName())
                    .isEqualTo(declared.contains(ability));
        }
    }

    @Nested
    final class Creating extends CreateCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class StartingAndStopping extends StartStopCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Removing extends RemoveCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Observing extends ObserveCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Deadlines extends DeadlineCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Logs extends LogCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Exec extends ExecCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class ExecSessions extends ExecSessionCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Volumes extends VolumeCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }

    @Nested
    final class Images extends ImageCases {
        @Override
        NodeTransportContract kit() {
            return NodeTransportContract.this;
        }
    }
}
