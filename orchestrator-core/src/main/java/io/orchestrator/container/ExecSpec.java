package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A command to run in a running container. Immutable. */
public final class ExecSpec {
    private final List<String> command;
    private final SortedMap<String, Secret> environment;
    private final Optional<String> user;
    private final Optional<String> workingDirectory;
    private final Optional<TerminalSize> terminal;

    private ExecSpec(Builder builder) {
        this.command = builder.command;
        this.environment = Collections.unmodifiableSortedMap(new TreeMap<>(builder.environment));
        this.user = Optional.ofNullable(builder.user);
        this.workingDirectory = Optional.ofNullable(builder.workingDirectory);
        this.terminal = Optional.ofNullable(builder.terminal);
    }

    /** A command with every default: the container's user and directory, no terminal. */
    public static ExecSpec of(String... command) {
        return builder(command).build();
    }

    public static Builder builder(String... command) {
        return new Builder(List.of(command));
    }

    public List<String> command() {
        return command;
    }

    public SortedMap<String, Secret> environment() {
        return environment;
    }

    public Optional<String> user() {
        return user;
    }

    public Optional<String> workingDirectory() {
        return workingDirectory;
    }

    /** The terminal's first size; empty for pipes with separate output streams. */
    public Optional<TerminalSize> terminal() {
        return terminal;
    }

    /** Collects the parts of a command. Not thread-safe. */
    public static final class Builder {
        private final List<String> command;
        private final SortedMap<String, Secret> environment = new TreeMap<>();
        private @Nullable String user;
        private @Nullable String workingDirectory;
        private @Nullable TerminalSize terminal;

        private Builder(List<String> command) {
            this.command = command;
        }

        public Builder env(String variable, String value) {
            environment.put(variable, Secret.of(value));
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder workingDirectory(String value) {
            workingDirectory = value;
            return this;
        }

        /** Runs the command on a terminal of that size. */
        public Builder terminal(TerminalSize size) {
            terminal = size;
            return this;
        }

        /**
         * Checks every value and builds the specification; command and environment are at most 1 MiB together.
         *
         * @throws OrchestratorException {@link io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT}, naming the value
         */
        public ExecSpec build() {
            if (command.isEmpty()) {
                throw OrchestratorException.invalid("the command to run is empty");
            }
            SpecLimits.list("command", command);
            SpecLimits.environment(environment);
            SpecLimits.total(List.of(), command, environment, Collections.emptySortedMap());
            if (user != null) {
                SpecLimits.user(user);
            }
            if (workingDirectory != null) {
                SpecLimits.path("working directory", workingDirectory);
            }
            return new ExecSpec(this);
        }
    }
}
