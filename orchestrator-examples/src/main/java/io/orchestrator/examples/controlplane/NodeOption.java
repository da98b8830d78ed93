package io.orchestrator.examples.controlplane;

import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.OrchestratorException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Reads {@code NAME=URI}. */
final class NodeOption {
    private static final String DEVELOPMENT = "dev-process:";

    private NodeOption() {}

    static NodeSpec parse(String text) {
        int separator = text.indexOf('=');
        if (separator < 1) {
            throw new SetupException("--node '" + text + "' is not of the form NAME=URI");
        }
        try {
            return NodeSpec.of(text.substring(0, separator), uri(text.substring(separator + 1)));
        } catch (URISyntaxException | OrchestratorException wrong) {
            throw new SetupException("--node '" + text + "' is not usable: " + wrong.getMessage(), wrong);
        }
    }

    private static URI uri(String text) throws URISyntaxException {
        if (!text.startsWith(DEVELOPMENT)) {
            return new URI(text);
        }
        Path directory =
                Path.of(text.substring(DEVELOPMENT.length())).toAbsolutePath().normalize();
        return new URI("dev-process", null, directory.toString(), null);
    }
}
