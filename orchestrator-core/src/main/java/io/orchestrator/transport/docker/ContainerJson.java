package io.orchestrator.transport.docker;

import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the engine says of containers. */
final class ContainerJson {
    /** Only a listing's status line tells the exit code. */
    private static final Pattern EXIT_STATUS = Pattern.compile("Exited \\((-?[0-9]{1,9})\\).{0,200}");

    /** What {@link #inspected} looks at. */
    static final Set<String> INSPECTED = Set.of("Id", "Name", "State", "Config", "NetworkSettings");

    private static final Pattern PORT = Pattern.compile("([0-9]{1,5})/(tcp|udp)");
    private static final Pattern HOST_PORT = Pattern.compile("[0-9]{1,5}");

    private ContainerJson() {}

    /** Reads an entry of a listing. */
    static ObservedContainer listed(Json entry, Function<String, RuntimeException> protocolError) {
        List<String> names = entry.texts("Names");
        Phase phase = phase(entry.text("State"), protocolError);
        OptionalInt exitCode = OptionalInt.empty();
        Matcher status = EXIT_STATUS.matcher(entry.textOrEmpty("Status"));
        if (phase == Phase.EXITED && status.matches()) {
            exitCode = OptionalInt.of(Integer.parseInt(status.group(1)));
        }
        List<PublishedPort> ports = new ArrayList<>();
        for (Json port : entry.objects("Ports")) {
            String type = port.textOrEmpty("Type");
            int hostPort = port.integer("PublicPort").orElse(0);
            if (hostPort != 0 && (type.equals("tcp") || type.equals("udp"))) {
                ports.add(new PublishedPort(
                        (int) port.number("PrivatePort"), protocol(type), port.textOrEmpty("IP"), hostPort));
            }
        }
        return new ObservedContainer(
                entry.text("Id"),
                names.isEmpty() ? "" : plainName(names.get(0)),
                phase,
                exitCode,
                "",
                entry.map("Labels"),
                ports);
    }

    /** Reads the answer of an inspection. */
    static ObservedContainer inspected(Json container, Function<String, RuntimeException> protocolError) {
        Json state = container.object("State");
        Phase phase = phase(state.text("Status"), protocolError);
        return new ObservedContainer(
                container.text("Id"),
                plainName(container.text("Name")),
                phase,
                phase == Phase.EXITED ? state.integer("ExitCode") : OptionalInt.empty(),
                reason(state),
                container.object("Config").map("Labels"),
                mapped(container.object("NetworkSettings").object("Ports")));
    }

    private static Phase phase(String status, Function<String, RuntimeException> protocolError) {
        return switch (status) {
            case "created", "configured", "initialized" -> Phase.CREATED;
            case "running", "paused", "restarting", "stopping" -> Phase.RUNNING;
            case "exited", "stopped", "dead", "removing" -> Phase.EXITED;
            default ->
                throw protocolError.apply("the container's state '" + Refusal.printable(status) + "' is unknown");
        };
    }

    private static String reason(Json state) {
        String error = Refusal.printable(state.textOrEmpty("Error"));
        if (!state.flag("OOMKilled")) {
            return error;
        }
        return error.isEmpty() ? "out of memory" : "out of memory; " + error;
    }

    private static List<PublishedPort> mapped(Json ports) {
        List<PublishedPort> published = new ArrayList<>();
        ports.eachField((name, bindings) -> {
            Matcher port = PORT.matcher(name);
            if (!port.matches()) {
                return;
            }
            for (Json binding : bindings) {
                String hostPort = binding.textOrEmpty("HostPort");
                if (HOST_PORT.matcher(hostPort).matches()) {
                    published.add(new PublishedPort(
                            Integer.parseInt(port.group(1)),
                            protocol(port.group(2)),
                            binding.textOrEmpty("HostIp"),
                            Integer.parseInt(hostPort)));
                }
            }
        });
        return published;
    }

    private static Protocol protocol(String wireName) {
        return wireName.equals("udp") ? Protocol.UDP : Protocol.TCP;
    }

    private static String plainName(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }
}
