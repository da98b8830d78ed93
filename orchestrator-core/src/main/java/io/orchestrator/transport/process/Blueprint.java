package io.orchestrator.transport.process;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import io.orchestrator.spi.CreateRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides, when a container is created, what takes the place of its mounts, ports and directories. */
final class Blueprint {
    private static final Pattern STOP_SIGNAL = Pattern.compile(
            "SIG(HUP|INT|QUIT|ABRT|KILL|USR1|USR2|ALRM|TERM|CONT|WINCH|PIPE|RTM(IN|AX)([+-][0-9]{1,2})?)");

    private final CreateRequest request;
    private final ContainerSpec spec;
    private final ContainerHome home;
    private final Path volumes;
    private final SortedMap<String, String> mounts = new TreeMap<>();
    private final SortedMap<String, Secret> environment = new TreeMap<>();

    Blueprint(CreateRequest request, ContainerHome home, Path volumes) {
        this.request = request;
        this.spec = request.spec();
        this.home = home;
        this.volumes = volumes;
    }

    ContainerMeta meta(List<String> argv) {
        if (!STOP_SIGNAL.matcher(spec.stopSignal()).matches()) {
            throw OrchestratorException.invalid("stop signal '" + spec.stopSignal() + "' is not known here");
        }
        environment.put("PATH", Secret.of(CommandScript.STANDARD_PATH));
        environment.put("HOME", Secret.of(home.root().toString()));
        List<String> used = mountVolumes();
        List<String> tmpfs = mountTmpfs();
        spec.environment().forEach((variable, value) -> environment.put(variable, mountedValue(value)));
        publish();
        return new ContainerMeta(
                request.name(),
                request.labels(),
                argv,
                environment,
                workingDirectory(spec.workingDirectory().orElse(null)).toString(),
                request.ports(),
                used,
                mounts,
                tmpfs,
                spec.stopSignal());
    }

    private List<String> mountVolumes() {
        List<String> used = new ArrayList<>();
        for (VolumeMount mount : spec.volumes()) {
            String engineName = Layout.safe("volume", request.volumes().getOrDefault(mount.volume(), mount.volume()));
            Path data = VolumeFolders.data(volumes, engineName);
            mounts.put(mount.path(), data.toString());
            String variable = mount.volume().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            environment.put("ORCHESTRATOR_VOLUME_" + variable, Secret.of(data.toString()));
            used.add(engineName);
        }
        return used;
    }

    private List<String> mountTmpfs() {
        List<String> directories = new ArrayList<>();
        for (String path : spec.tmpfsMib().keySet()) {
            Path directory = home.tmpfs().resolve(Integer.toString(directories.size()));
            mounts.put(path, directory.toString());
            directories.add(directory.toString());
        }
        return directories;
    }

    private Secret mountedValue(Secret value) {
        String mounted = mounts.get(value.reveal());
        return mounted == null ? value : Secret.of(mounted);
    }

    private void publish() {
        List<PublishedPort> ports = request.ports();
        for (PublishedPort port : ports) {
            environment.put("PORT_" + port.containerPort(), Secret.of(Integer.toString(port.hostPort())));
            environment.putIfAbsent("BIND_ADDRESS", Secret.of(port.hostAddress()));
        }
        if (ports.size() == 1) {
            Secret hostPort = Secret.of(Integer.toString(ports.get(0).hostPort()));
            Secret containerPort = Secret.of(Integer.toString(ports.get(0).containerPort()));
            Secret asked = environment.get("PORT");
            if (asked == null || asked.matches(containerPort)) {
                environment.put("PORT", hostPort);
            }
        }
    }

    private Path workingDirectory(@Nullable String asked) {
        return asked == null ? home.root() : resolve(home, mounts, asked);
    }

    /** Where a directory of the container lies on this machine. */
    static Path resolve(ContainerHome home, Map<String, String> mounts, String path) {
        String mounted = mounts.get(path);
        if (mounted != null) {
            return Path.of(mounted);
        }
        Path onMachine = Path.of(path).normalize();
        return Files.isDirectory(onMachine)
                ? onMachine
                : home.root().resolve(onMachine.toString().substring(1));
    }
}
