package io.orchestrator.testing;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The programs that processes of a cluster can run: the built-in ones, and what tests registered. Thread-safe. */
final class Commands {
    private final Map<String, FakeProgram> byImage = new ConcurrentHashMap<>();
    private final Map<String, FakeProgram> byName = new ConcurrentHashMap<>();

    void image(String image, FakeProgram program) {
        byImage.put(image, program);
    }

    void command(String name, FakeProgram program) {
        byName.put(name, program);
    }

    Optional<FakeProgram> find(String name) {
        FakeProgram registered = byName.get(name);
        return registered != null ? Optional.of(registered) : BuiltIns.find(name);
    }

    /**
     * What the first process is. An image that nobody registered is taken to have an entry point of its own that does
     * nothing, whatever it is told; but a command that a specification names as its entry point must be there.
     */
    Launch launch(ContainerSpec spec) {
        List<String> command = spec.command();
        if (!spec.entrypoint().isEmpty()) {
            List<String> arguments = new ArrayList<>(spec.entrypoint());
            arguments.addAll(command);
            FakeProgram program = find(arguments.get(0))
                    .orElseThrow(() -> new OrchestratorException(
                            ErrorCode.ENGINE_ERROR,
                            "the fake nodes have no command '" + arguments.get(0) + "', register it with the cluster"));
            return new Launch(program, arguments);
        }
        FakeProgram ofImage = byImage.get(spec.image());
        if (ofImage != null) {
            List<String> arguments = new ArrayList<>(List.of(spec.image()));
            arguments.addAll(command);
            return new Launch(ofImage, arguments);
        }
        Optional<FakeProgram> named = command.isEmpty() ? Optional.empty() : find(command.get(0));
        return new Launch(named.orElse(FakeProgram.idle()), command);
    }
}
