package io.orchestrator.testing;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** All processes of a container's own or of one exec session: they are killed together. Thread-safe. */
final class ProcessGroup {
    private final HostRuntime runtime;
    private final List<Life> lives = new ArrayList<>();
    private boolean killed;

    ProcessGroup(HostRuntime runtime) {
        this.runtime = runtime;
    }

    /** Begins a process on a thread of its own. */
    void begin(FakeProgram program, FakeProcess process) {
        admit(process);
        runtime.execute("fake-process", () -> run(program, process));
    }

    /** Begins a process that does nothing, without a thread. */
    void beginIdle(FakeProcess process) {
        admit(process);
    }

    void kill() {
        List<Life> toKill;
        synchronized (lives) {
            killed = true;
            toKill = List.copyOf(lives);
        }
        toKill.forEach(Life::kill);
    }

    private void admit(FakeProcess process) {
        Life life = process.life();
        process.retainOutputs();
        life.onEnd(code -> {
            process.releaseOutputs();
            synchronized (lives) {
                lives.remove(life);
            }
        });
        boolean refused;
        synchronized (lives) {
            refused = killed;
            lives.add(life);
        }
        if (refused) {
            life.kill();
            throw new Killed();
        }
    }

    private static void run(FakeProgram program, FakeProcess process) {
        int code = 1;
        try {
            code = program.run(process) & 0xff;
        } catch (Killed ended) {
            // its exit code is already told
        } catch (OrchestratorException interrupted) {
            // the runtime closes and takes its processes with it
            process.life().kill();
        } catch (Exception failure) {
            complain(process, failure);
        } finally {
            process.life().end(code);
        }
    }

    private static void complain(FakeProcess process, Exception failure) {
        byte[] text = (failure + "\n").getBytes(StandardCharsets.UTF_8);
        if (!process.life().ended()) {
            process.stderr().write(process.life(), text, 0, text.length);
        }
    }
}
