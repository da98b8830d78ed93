package io.orchestrator.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The command {@code sh}: runs {@code sh -c SCRIPT [NAME ARGUMENT…]}, or line by line what comes on its input. */
final class Shell implements FakeProgram {
    @Override
    public int run(FakeProcess process) throws IOException {
        List<String> arguments = BuiltIns.arguments(process);
        if (arguments.size() >= 2 && arguments.get(0).equals("-c")) {
            List<String> parameters = arguments.subList(Math.min(3, arguments.size()), arguments.size());
            return new ShellRun(process, parameters).toTheEnd(arguments.get(1));
        }
        return interactive(process);
    }

    private static int interactive(FakeProcess process) throws IOException {
        ShellRun run = new ShellRun(process, List.of());
        boolean terminal = process.setup().terminal().isPresent();
        int code = 0;
        while (true) {
            if (terminal) {
                BuiltIns.print(process, "$ ");
            }
            Optional<String> line = readLine(process.input());
            if (line.isEmpty()) {
                return code;
            }
            try {
                code = run.line(line.get());
            } catch (ShellExit exit) {
                return exit.code();
            }
        }
    }

    /** Empty at the end of the input. */
    static Optional<String> readLine(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = input.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = input.read();
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
