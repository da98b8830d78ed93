package io.orchestrator.transport.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.internal.shell.TerminalScript;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands in containers. Thread-safe. */
final class Execs {
    /** Marks every process of a session, as ending the connection ends none of them. */
    static final String MARKER = "ORCHESTRATOR_TERMINAL";

    private static final Logger LOG = LoggerFactory.getLogger(Execs.class);
    private static final int MARKER_BYTES = 16;
    private static final int CONSOLE_SIZE_MINOR = 42;
    private static final Set<String> SHELLS = Set.of("sh", "ash", "dash", "bash", "ksh", "zsh");
    private static final String SIZED = TerminalScript.AWAIT_SIZE + "; exec \"$@\"";
    /** An engine that was slow to start a command is slow to have it killed. */
    private static final Duration CLEANUP_TIMEOUT = Duration.ofMinutes(1);

    private final EngineClient client;
    private final Containers containers;

    Execs(EngineClient client, Containers containers) {
        this.client = client;
        this.containers = containers;
    }

    ExecSession open(
            CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        String container = containers.ours(call, engineId, "exec").engineId();
        String marker = newMarker();
        ExecKiller killer = new ExecKiller(this, container, spec.user(), marker);
        String exec = create(call, container, body(spec, command(call, spec), marker));
        Response stream;
        try {
            stream = start(call, container, exec, spec.terminal());
        } catch (OrchestratorException failure) {
            // an answer that is not the engine's tells as little of the command as none
            if (failure.code() == ErrorCode.OUTCOME_UNKNOWN || failure.code() == ErrorCode.PROTOCOL_ERROR) {
                client.runtime().execute("exec-cleanup", () -> cleanUp(killer, exec));
            }
            throw failure;
        }
        DockerExecSession session = new DockerExecSession(
                this, container, exec, stream, spec.terminal().isPresent(), killer, subscriber);
        session.begin(spec.terminal());
        return session;
    }

    private void cleanUp(ExecKiller killer, String exec) {
        try {
            killer.killUntilEnded(newCall(CLEANUP_TIMEOUT), exec);
        } catch (OrchestratorException failure) {
            LOG.warn("a command whose start was not confirmed may run: {}", failure.getMessage());
        }
    }

    EngineClient client() {
        return client;
    }

    CallContext newCall(Duration timeout) {
        return CallContext.startingNow(client.runtime()::nanoTime, timeout);
    }

    /** Runs a command without input, drops its output, and returns its exit code. */
    int run(CallContext call, String container, Optional<String> user, List<String> command) {
        ObjectNode body = Json.newObject().put("AttachStdout", true).put("AttachStderr", true);
        texts(body.putArray("Cmd"), command);
        user.ifPresent(value -> body.put("User", value));
        String exec = create(call, container, body);
        Response response = start(call, container, exec, Optional.empty());
        Runnable timer = client.runtime()
                .schedule(call.remaining(), () -> response.exchange().cut(Exchange.Cut.DEADLINE));
        try {
            byte[] scrap = new byte[1_024];
            ResponseBody output = response.stream();
            while (output.read(scrap, 0, scrap.length) >= 0) {
                call.check(response.what());
            }
        } finally {
            timer.run();
            client.finish(response.exchange());
        }
        Status status = inspect(call, container, exec);
        while (!status.ended()) {
            client.runtime().waiter().await(() -> false, Duration.ofMillis(5));
            call.check(response.what());
            status = inspect(call, container, exec);
        }
        return status.exitCode().getAsInt();
    }

    /**
     * What the engine says of a command.
     *
     * @param running whether its first process runs, or is about to
     * @param pid of its first process on the machine; 0 before there is one
     * @param exitCode how it ended; empty while it runs and before it runs
     */
    record Status(boolean running, int pid, OptionalInt exitCode) {
        /** Whether its first process exists or existed. */
        boolean begun() {
            return pid > 0 || exitCode.isPresent();
        }

        /** Not merely not running: an engine also says that of a command it has yet to start. */
        boolean ended() {
            return !running && exitCode.isPresent();
        }
    }

    Status inspect(CallContext call, String container, String exec) {
        return client.call(call, Request.get(named(container), "/exec/" + exec + "/json"), response -> {
            response.expect(200);
            Json state = response.json();
            return new Status(state.flag("Running"), state.integer("Pid").orElse(0), state.integer("ExitCode"));
        });
    }

    void resize(CallContext call, String container, String exec, TerminalSize size) {
        String path = "/exec/" + exec + "/resize?h=" + size.rows() + "&w=" + size.columns();
        Request request = Request.change(named(container), "POST", path).harmless();
        client.call(call, request, response -> {
            response.expect(200, 201);
            return response;
        });
    }

    private String create(CallContext call, String container, ObjectNode body) {
        // a command that was made and not started does nothing and is forgotten by the engine
        Request request = Request.post(named(container), "/containers/" + container + "/exec", Json.bytes(body))
                .harmless();
        return client.call(call, request, response -> {
            response.expect(201);
            return Containers.checked(response.json().text("Id"));
        });
    }

    private Response start(CallContext call, String container, String exec, Optional<TerminalSize> terminal) {
        ObjectNode body = Json.newObject().put("Detach", false).put("Tty", terminal.isPresent());
        terminal.ifPresent(size -> consoleSize(body, size));
        return client.open(call, Request.post(named(container), "/exec/" + exec + "/start", Json.bytes(body)), true);
    }

    /** Only from API 1.42 on can a command begin with the terminal's size; before, a shell has to wait for the resize. */
    private List<String> command(CallContext call, ExecSpec spec) {
        List<String> command = spec.command();
        String program = command.get(0).substring(command.get(0).lastIndexOf('/') + 1);
        if (spec.terminal().isEmpty() || !SHELLS.contains(program) || client.apiMinor(call) >= CONSOLE_SIZE_MINOR) {
            return command;
        }
        List<String> sized = new ArrayList<>(List.of(command.get(0), "-c", SIZED, program));
        sized.addAll(command);
        return sized;
    }

    private static ObjectNode body(ExecSpec spec, List<String> command, String marker) {
        ObjectNode body = Json.newObject()
                .put("AttachStdin", true)
                .put("AttachStdout", true)
                .put("AttachStderr", true)
                .put("Tty", spec.terminal().isPresent());
        texts(body.putArray("Cmd"), command);
        ArrayNode environment = body.putArray("Env");
        spec.environment().forEach((variable, value) -> {
            if (!variable.equals(MARKER)) {
                environment.add(variable + "=" + value.reveal());
            }
        });
        environment.add(MARKER + "=" + marker);
        spec.user().ifPresent(user -> body.put("User", user));
        spec.workingDirectory().ifPresent(directory -> body.put("WorkingDir", directory));
        spec.terminal().ifPresent(size -> consoleSize(body, size));
        return body;
    }

    /** Understood from API 1.42 on; older engines ignore it and are told by a resize. */
    private static void consoleSize(ObjectNode body, TerminalSize size) {
        body.putArray("ConsoleSize").add(size.rows()).add(size.columns());
    }

    private static void texts(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private String named(String container) {
        return client.named("exec in '" + container + "'");
    }

    private String newMarker() {
        byte[] marker = new byte[MARKER_BYTES];
        client.runtime().randomBytes(marker);
        return HexFormat.of().formatHex(marker);
    }
}
