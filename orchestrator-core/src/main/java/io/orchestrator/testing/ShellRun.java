package io.orchestrator.testing;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.testing.ShellScript.Redirect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A fake shell at work: its variables, traps and last exit code. For one thread, but for the traps. */
final class ShellRun {
    private final FakeProcess process;
    private final ShellVariables variables;
    private final ConcurrentLinkedQueue<String> trapped = new ConcurrentLinkedQueue<>();
    private ProcessSetup setup;

    ShellRun(FakeProcess process, List<String> parameters) {
        this(process, new ShellVariables(process.environment(), parameters));
    }

    private ShellRun(FakeProcess process, ShellVariables variables) {
        this.process = process;
        this.variables = variables;
        this.setup = process.setup();
    }

    /** Runs the script and returns the exit code of the shell. */
    int toTheEnd(String script) throws IOException {
        try {
            return line(script);
        } catch (ShellExit exit) {
            return exit.code();
        }
    }

    /** Runs the script and returns its last exit code. */
    int line(String script) throws IOException {
        ShellScript parsed;
        try {
            parsed = ShellParser.parse(script);
        } catch (ShellSyntaxException mistake) {
            return BuiltIns.complain(process, "sh: " + mistake.getMessage(), 2);
        }
        return run(parsed);
    }

    private int run(ShellScript script) throws IOException {
        process.life().check();
        int code = 0;
        if (script instanceof ShellScript.Sequence sequence) {
            for (ShellScript part : sequence.parts()) {
                code = run(part);
            }
        } else if (script instanceof ShellScript.Background background) {
            begin(background.body());
        } else if (script instanceof ShellScript.Chain chain) {
            code = run(chain.first());
            if ((code == 0) == chain.ifSucceeded()) {
                code = run(chain.second());
            }
        } else if (script instanceof ShellScript.Loop loop) {
            while ((run(loop.condition()) == 0) != loop.until()) {
                code = run(loop.body());
            }
        } else if (script instanceof ShellScript.ForEach each) {
            for (String value : variables.expand(each.words())) {
                variables.set(each.variable(), value);
                code = run(each.body());
            }
        } else if (script instanceof ShellScript.Simple simple) {
            code = simple(simple);
        }
        variables.lastCode(code);
        runTraps();
        return code;
    }

    private void runTraps() throws IOException {
        for (String action = trapped.poll(); action != null; action = trapped.poll()) {
            line(action);
        }
    }

    private void begin(ShellScript body) throws IOException {
        ShellScript rest = body;
        ProcessSetup own = setup;
        if (body instanceof ShellScript.Simple simple) {
            // redirected before it begins, or it would hold the shell's own output open
            Optional<ProcessSetup> redirected = redirected(simple.redirects());
            if (redirected.isEmpty()) {
                return;
            }
            own = redirected.get();
            rest = new ShellScript.Simple(simple.words(), List.of());
        }
        Source input = own.stdin() == setup.stdin() ? Source.NOTHING : own.stdin();
        begin(rest, process.fork(own.withStreams(input, own.stdout(), own.stderr())));
    }

    private void begin(ShellScript body, FakeProcess child) {
        ShellVariables copy = variables.copy();
        process.group()
                .begin(
                        own -> {
                            try {
                                return new ShellRun(own, copy).run(body);
                            } catch (ShellExit exit) {
                                return exit.code();
                            }
                        },
                        child);
    }

    private int simple(ShellScript.Simple command) throws IOException {
        List<String> words = new ArrayList<>(variables.expand(command.words()));
        while (!words.isEmpty() && variables.assign(words.get(0))) {
            words.remove(0);
        }
        Optional<ProcessSetup> redirected = redirected(command.redirects());
        if (redirected.isEmpty()) {
            return 1;
        }
        ProcessSetup before = setup;
        setup = redirected.get();
        try {
            return words.isEmpty() ? 0 : call(words);
        } finally {
            setup = before;
        }
    }

    private int call(List<String> words) throws IOException {
        String first = words.size() > 1 ? words.get(1) : "";
        switch (words.get(0)) {
            case "exit" -> throw new ShellExit(first.isEmpty() ? variables.lastCode() : Integer.parseInt(first) & 0xff);
            case "exec" -> {
                process.life().forgetHandlers();
                throw new ShellExit(start(words.subList(1, words.size())));
            }
            case "trap" -> {
                words.subList(2, words.size()).forEach(signal -> trap(first, Signals.number(signal)));
                return 0;
            }
            case "read" -> {
                Optional<String> line = Shell.readLine(process.with(setup).input());
                variables.set(first, line.orElse(""));
                return line.isPresent() ? 0 : 1;
            }
            default -> {
                return start(words);
            }
        }
    }

    private void trap(String action, int signal) {
        if (action.equals("-")) {
            process.life().handleByDefault(signal);
        } else if (action.isEmpty()) {
            process.life().ignore(signal);
        } else {
            process.life().handle(signal, () -> trapped.add(action));
        }
    }

    /** Runs a command in this thread: unlike a real one it has no process of its own. */
    private int start(List<String> command) throws IOException {
        FakeProcess child = process.with(setup.withArguments(command));
        Optional<FakeProgram> program = process.container().engine().commands().find(command.get(0));
        if (program.isEmpty()) {
            return BuiltIns.complain(child, "sh: " + command.get(0) + ": not found", 127);
        }
        try {
            return program.get().run(child) & 0xff;
        } catch (Killed | OrchestratorException ending) {
            throw ending;
        } catch (Exception failure) {
            return BuiltIns.complain(child, command.get(0) + ": " + failure, 1);
        }
    }

    /** Empty, with a complaint, if a file cannot be opened. */
    private Optional<ProcessSetup> redirected(List<Redirect> redirects) throws IOException {
        ProcessSetup result = setup;
        for (Redirect redirect : redirects) {
            String target = String.join(" ", variables.expand(List.of(redirect.target())));
            Optional<ProcessSetup> next = redirect(result, redirect, target);
            if (next.isEmpty()) {
                BuiltIns.complain(process, "sh: cannot open " + target, 1);
                return next;
            }
            result = next.get();
        }
        return Optional.of(result);
    }

    private Optional<ProcessSetup> redirect(ProcessSetup from, Redirect redirect, String target) {
        if (redirect.operator().equals("<")) {
            return FileStreams.reader(process, target)
                    .map(source -> from.withStreams(source, from.stdout(), from.stderr()));
        }
        Optional<Sink> sink = redirect.operator().equals(">&")
                ? Optional.of(target.equals("2") ? from.stderr() : from.stdout())
                : FileStreams.writer(process, target, redirect.operator().equals(">>"));
        return sink.map(to -> redirect.descriptor() == 2
                ? from.withStreams(from.stdin(), from.stdout(), to)
                : from.withStreams(from.stdin(), to, from.stderr()));
    }
}
