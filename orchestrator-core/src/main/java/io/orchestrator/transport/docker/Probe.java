package io.orchestrator.transport.docker;

import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import java.util.Locale;
import java.util.Set;

/** Asks an engine how it is. */
final class Probe {
    private static final Set<String> ABILITIES = Set.of("exec", "images", "logs", "terminal", "volumes");
    private static final int MAX_TEXT = 100;

    private Probe() {}

    static NodeReport run(EngineClient client, CallContext call) {
        String engine = client.call(call, Request.get(client.named("version"), "/version"), response -> {
            response.expect(200);
            Json version = response.json();
            boolean podman = version.objects("Components").stream()
                    .anyMatch(part ->
                            part.textOrEmpty("Name").toLowerCase(Locale.ROOT).contains("podman"));
            return (podman ? "podman " : "docker ") + shortened(version.text("Version"));
        });
        return client.call(call, Request.get(client.named("info"), "/info"), response -> {
            response.expect(200);
            Json info = response.json();
            return new NodeReport(
                    engine,
                    shortened(info.textOrEmpty("Architecture")),
                    info.integer("NCPU").orElse(0),
                    info.number("MemTotal") >> 20,
                    ABILITIES);
        });
    }

    private static String shortened(String text) {
        String shown = Refusal.printable(text);
        return shown.substring(0, Math.min(MAX_TEXT, shown.length()));
    }
}
