package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PortRequest;
import io.orchestrator.container.Protocol;
import io.orchestrator.operation.OrchestratorException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The body of {@code POST /launch}, read into a specification. */
final class LaunchRequest {
    private static final Pattern PORT = Pattern.compile("([0-9]{1,5})(?:/(tcp|udp))?");
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final Pattern BARE_SYSTEM =
            Pattern.compile("(docker\\.io/)?(library/)?(ubuntu|debian|alpine|centos|fedora|busybox)([:@].*)?");

    private LaunchRequest() {}

    static ContainerSpec read(JsonNode body, Optional<String> idempotencyKey) {
        Fields request = Fields.of(body, Set.of("user_id", "config"));
        Fields config = request.nested("config", Set.of("image", "name", "env", "cpu", "memory", "ports"));
        String owner = request.text("user_id");
        if (!TENANT.matcher(owner).matches()) {
            request.wrong("user_id", "string_pattern_mismatch", "must be of the form " + TENANT);
        }
        String image = config.text("image");
        Optional<String> name = config.optionalText("name");
        Map<String, String> environment = config.texts("env");
        double cpus = config.number("cpu");
        long memoryMib = memory(config);
        Map<String, Integer> ports = config.integers("ports");
        request.check();

        ContainerSpec.Builder spec =
                ContainerSpec.builder(image).owner(owner).cpus(cpus).memoryMib(memoryMib);
        name.ifPresent(spec::name);
        idempotencyKey.ifPresent(spec::idempotencyKey);
        environment.forEach(spec::env);
        ports.forEach((port, hostPort) -> spec.publish(port(port, hostPort)));
        if (BARE_SYSTEM.matcher(image).matches()) {
            // such an image's own command is a shell, which would end at once; the original kept it alive like this
            spec.command("tail", "-f", "/dev/null");
        }
        return spec.build();
    }

    private static long memory(Fields config) {
        String text = config.text("memory");
        OptionalLong mib = MemorySize.mib(text);
        if (mib.isEmpty() && !text.isEmpty()) {
            config.wrong("memory", "value_error", "must be a size such as 512m or 1g");
        }
        return mib.orElse(0);
    }

    private static PortRequest port(String port, int hostPort) {
        Matcher matcher = PORT.matcher(port.length() > 9 ? "" : port);
        if (!matcher.matches()) {
            throw OrchestratorException.invalid("a key of 'ports' is not of the form 80/tcp or 53/udp");
        }
        Protocol protocol = "udp".equals(matcher.group(2)) ? Protocol.UDP : Protocol.TCP;
        return new PortRequest(Integer.parseInt(matcher.group(1)), protocol, hostPort);
    }
}
