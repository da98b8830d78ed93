package io.orchestrator.transport.process;

import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers as plain processes of this machine, for development without a container engine. Linux only.
 *
 * <p><b>It isolates nothing.</b> A container has this user's rights, sees this machine's files and network, and may use all
 * of its memory and processors: limits of memory, processors and pids, a read-only root and read-only volumes are not
 * enforced, and another user than the current one is refused. It never pulls an image.
 *
 * <p>The URI is {@code dev-process:/absolute/dir}; any number of JVMs may use one directory. Containers go on when the
 * JVM ends and are found again. An image name is looked up in the {@linkplain Builder#image catalogue}; the names
 * {@code ubuntu}, {@code debian}, {@code alpine}, {@code centos}, {@code fedora} and {@code busybox}, with any tag, stand
 * for this machine's own shell and tools and stay alive when no command is given.
 *
 * <p>There are no mounts. A container gets:
 *
 * <ul>
 *   <li>{@code PORT_<container port>} with the host port of each published port, {@code BIND_ADDRESS} with the host
 *       address, and, when exactly one port is published, {@code PORT}, unless the specification sets it to something
 *       else than the container port;
 *   <li>{@code ORCHESTRATOR_VOLUME_<NAME>} (upper case, other characters as {@code _}) with the directory of each volume;
 *       an environment value that equals the path of a volume or tmpfs is replaced by its directory;
 *   <li>a tmpfs as a plain directory without a size limit, emptied at each start and deleted at the end.
 * </ul>
 *
 * <p>A working directory that exists on this machine is used as it is; another one is made below the container's own
 * directory. Of each output stream the last 32 to 64 MiB are kept; the order of lines between the two streams is only
 * known while they are followed: older output is delivered one stream after the other, the one written last at the end.
 * What a container's main process leaves running is ended by the next start, stop or remove; commands of a JVM that died
 * by the first probe or the next list of another.
 *
 * <p>Needs {@code sh}, {@code setsid} and GNU coreutils on the path; terminals need the optional dependency {@code
 * org.jetbrains.pty4j:pty4j}. A process that clears its environment can no longer be told from others and is left alone.
 *
 * <p>Thread-safe.
 */
public final class DevProcessTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(DevProcessTransport.class);
    private static final String SCHEME = "dev-process";

    private final Catalogue catalogue;
    private final AtomicBoolean warned = new AtomicBoolean();

    private DevProcessTransport(Builder builder) {
        this.catalogue = new Catalogue(builder.images);
    }

    /** A transport that knows only the bare operating systems. */
    public static DevProcessTransport create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Set<String> schemes() {
        return Set.of(SCHEME);
    }

    @Override
    public NodeTransport connect(NodeSpec node, String installation, HostRuntime runtime) {
        Layout layout = new Layout(directory(node), installation);
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "node '{}' isolates nothing: its containers are plain processes with the rights of this one, and no"
                            + " limit of memory, processors or pids is enforced; for development only",
                    node.id());
        }
        return new ProcessNode(layout, catalogue, runtime);
    }

    private static Path directory(NodeSpec node) {
        URI uri = node.uri();
        String path = uri.getPath();
        if (!SCHEME.equals(uri.getScheme())
                || path == null
                || uri.getRawAuthority() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw OrchestratorException.invalid(
                    "uri of node '" + node.id()
                            + "' is not of the form 'dev-process:/absolute/directory'; make a relative directory absolute first");
        }
        return Path.of(path).normalize();
    }

    /** Collects the images that the transport knows. Not thread-safe. */
    public static final class Builder {
        private final SortedMap<String, List<String>> images = new TreeMap<>();

        private Builder() {}

        /**
         * Makes an image name stand for a command of this machine.
         *
         * <p>The words play the part of the image's entry point: a specification's command is appended to them, and a
         * specification's own entry point replaces them.
         *
         * @param name with a tag for just that one, without for every tag that is not named itself
         * @param argv the program and its first arguments; at least one word
         */
        public Builder image(String name, String... argv) {
            if (argv.length == 0) {
                throw OrchestratorException.invalid("image '" + name + "' has no command");
            }
            images.put(name, List.of(argv));
            return this;
        }

        public DevProcessTransport build() {
            return new DevProcessTransport(this);
        }
    }
}
