package io.orchestrator.terminal;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.security.Secret;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is asked of a terminal. Immutable. */
public final class TerminalRequest {
    /** One exec, so nothing can change between finding the shell and running it. */
    private static final String SHELL_PROBE =
            "if command -v bash >/dev/null 2>&1; then exec bash -i; else exec sh -i; fi";

    private final ContainerId container;
    private final boolean probe;
    private final ExecSpec exec;

    private TerminalRequest(Builder builder) {
        this.container = builder.container;
        this.probe = builder.command.isEmpty();
        this.exec = exec(builder, probe);
    }

    /** Starts a request for a shell in that container. */
    public static Builder builder(ContainerId container) {
        return new Builder(container);
    }

    public ContainerId container() {
        return container;
    }

    /** The terminal's first size. */
    public TerminalSize size() {
        return exec.terminal().orElse(TerminalSize.DEFAULT);
    }

    /** What to run instead of a shell; empty for a shell. */
    public List<String> command() {
        return probe ? List.of() : exec.command();
    }

    /** Environment variables beside the container's own, {@code TERM} included; sorted. */
    public SortedMap<String, Secret> environment() {
        return exec.environment();
    }

    public Optional<String> user() {
        return exec.user();
    }

    public Optional<String> workingDirectory() {
        return exec.workingDirectory();
    }

    ExecSpec exec() {
        return exec;
    }

    private static ExecSpec exec(Builder builder, boolean probe) {
        List<String> command = probe ? List.of("sh", "-c", SHELL_PROBE) : builder.command;
        ExecSpec.Builder exec = ExecSpec.builder(command.toArray(String[]::new)).terminal(builder.size);
        builder.environment.forEach((variable, value) -> exec.env(variable, value.reveal()));
        Optional.ofNullable(builder.user).ifPresent(exec::user);
        Optional.ofNullable(builder.workingDirectory).ifPresent(exec::workingDirectory);
        return exec.build();
    }

    /** Collects the parts of a request. Not thread-safe. */
    public static final class Builder {
        private final ContainerId container;
        private final SortedMap<String, Secret> environment = new TreeMap<>();
        private List<String> command = List.of();
        private TerminalSize size = TerminalSize.DEFAULT;
        private @Nullable String user;
        private @Nullable String workingDirectory;

        private Builder(ContainerId container) {
            this.container = container;
            env("TERM", "xterm-256color");
        }

        /** The terminal's first size; 80 by 24 by default. */
        public Builder size(TerminalSize value) {
            size = value;
            return this;
        }

        /** A command to run instead of a shell. */
        public Builder command(String... argv) {
            command = List.of(argv);
            return this;
        }

        /** Adds an environment variable; {@code TERM} is {@code xterm-256color} unless set here. */
        public Builder env(String variable, String value) {
            environment.put(variable, Secret.of(value));
            return this;
        }

        /** Who runs the command, as {@code user} or {@code user:group}; the container's own user by default. */
        public Builder user(String value) {
            user = value;
            return this;
        }

        /** An absolute path; the container's own by default. */
        public Builder workingDirectory(String value) {
            workingDirectory = value;
            return this;
        }

        /**
         * Makes the request.
         *
         * @throws io.orchestrator.operation.OrchestratorException {@link
         *     io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT} if a part is outside the limits of {@link ExecSpec}
         */
        public TerminalRequest build() {
            return new TerminalRequest(this);
        }
    }
}
