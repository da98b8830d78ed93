package io.orchestrator.transport.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import java.time.Duration;
import java.util.List;

/** Writes what a container is made of, with the defaults that keep it apart from its neighbours. */
final class CreateBody {
    /** Without these the usual images of web servers and databases do not start. */
    private static final List<String> CAPABILITIES =
            List.of("CHOWN", "SETUID", "SETGID", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE");

    private static final long BYTES_PER_MIB = 1L << 20;
    private static final long NANOS_PER_CPU_MILLI = 1_000_000;
    /** The one that keeps every byte: {@code json-file} breaks a character at each 16 KiB of a long line. */
    private static final String LOG_DRIVER = "local";

    private static final String LOG_FILE_SIZE = "10m";
    private static final String LOG_FILES = "3";

    private CreateBody() {}

    static byte[] of(CreateRequest request) {
        ContainerSpec spec = request.spec();
        ObjectNode body = Json.newObject();
        body.put("Image", spec.image());
        if (!spec.entrypoint().isEmpty()) {
            texts(body.putArray("Entrypoint"), spec.entrypoint());
        }
        if (!spec.command().isEmpty()) {
            texts(body.putArray("Cmd"), spec.command());
        }
        ArrayNode environment = body.putArray("Env");
        spec.environment().forEach((variable, value) -> environment.add(variable + "=" + value.reveal()));
        spec.user().ifPresent(user -> body.put("User", user));
        spec.workingDirectory().ifPresent(directory -> body.put("WorkingDir", directory));
        ObjectNode labels = body.putObject("Labels");
        request.labels().forEach(labels::put);
        body.put("StopSignal", spec.stopSignal());
        body.put("StopTimeout", seconds(spec.stopGrace()));
        ObjectNode exposed = body.putObject("ExposedPorts");
        request.ports().forEach(port -> exposed.putObject(wireName(port)));
        hostConfig(body.putObject("HostConfig"), request);
        return Json.bytes(body);
    }

    /** Whole seconds, rounded up, as the engine knows no parts of them. */
    static long seconds(Duration duration) {
        return (duration.toMillis() + 999) / 1_000;
    }

    private static void hostConfig(ObjectNode host, CreateRequest request) {
        ContainerSpec spec = request.spec();
        host.put("Init", true);
        host.put("Privileged", false);
        host.putArray("SecurityOpt").add("no-new-privileges");
        host.putArray("CapDrop").add("ALL");
        texts(host.putArray("CapAdd"), CAPABILITIES);
        long memory = spec.limits().memoryMib() * BYTES_PER_MIB;
        host.put("Memory", memory);
        // the sum of memory and swap: equal means no swap
        host.put("MemorySwap", memory);
        host.put("NanoCpus", spec.limits().cpuMillis() * NANOS_PER_CPU_MILLI);
        host.put("PidsLimit", spec.limits().pids());
        host.put("ReadonlyRootfs", spec.readOnlyRoot());
        host.putObject("RestartPolicy").put("Name", "no");
        ObjectNode log = host.putObject("LogConfig").put("Type", LOG_DRIVER);
        log.putObject("Config").put("max-size", LOG_FILE_SIZE).put("max-file", LOG_FILES);
        ObjectNode bindings = host.putObject("PortBindings");
        for (PublishedPort port : request.ports()) {
            bindings.withArray("/" + wireName(port).replace("/", "~1"))
                    .addObject()
                    .put("HostIp", port.hostAddress())
                    .put("HostPort", Integer.toString(port.hostPort()));
        }
        mounts(host, request);
    }

    private static void mounts(ObjectNode host, CreateRequest request) {
        ArrayNode mounts = host.putArray("Mounts");
        for (VolumeMount mount : request.spec().volumes()) {
            String volume = request.volumes().get(mount.volume());
            if (volume == null) {
                throw OrchestratorException.invalid("container '" + request.name()
                        + "' has no engine volume for its volume '" + mount.volume() + "'");
            }
            ObjectNode entry = mounts.addObject()
                    .put("Type", "volume")
                    .put("Source", volume)
                    .put("Target", mount.path())
                    .put("ReadOnly", mount.readOnly());
            // the engine makes a volume that was removed meanwhile; without these it would be nobody's
            ObjectNode labels = entry.putObject("VolumeOptions").putObject("Labels");
            ContainerLabels.ours(request.labels()).forEach(labels::put);
        }
        ObjectNode tmpfs = host.putObject("Tmpfs");
        request.spec().tmpfsMib().forEach((path, mib) -> tmpfs.put(path, "rw,noexec,nosuid,nodev,size=" + mib + "m"));
    }

    private static String wireName(PublishedPort port) {
        return port.containerPort() + "/" + port.protocol().wireName();
    }

    private static void texts(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
