package io.orchestrator.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The commands that every fake container has: just what scripts of tests tend to need. */
final class BuiltIns {
    private static final int BLOCK = 8_192;

    private BuiltIns() {}

    static Optional<FakeProgram> find(String command) {
        String name = command.startsWith("/bin/") ? command.substring("/bin/".length()) : command;
        return Optional.ofNullable(
                switch (name) {
                    case "cat" -> BuiltIns::cat;
                    case "echo" -> process -> print(process, String.join(" ", arguments(process)) + "\n");
                    case "env" -> BuiltIns::env;
                    case "false" -> process -> 1;
                    case "head" -> BuiltIns::head;
                    case "id" -> process -> print(process, userNumber(process) + "\n");
                    case "nohup", "setsid" -> BuiltIns::detached;
                    case "printf" -> new Printf();
                    case "pwd" -> process -> print(process, process.setup().directory() + "\n");
                    case "seq" -> BuiltIns::seq;
                    case "sh" -> new Shell();
                    case "sleep" -> BuiltIns::sleep;
                    case "stty" -> BuiltIns::stty;
                    case "true", ":" -> process -> 0;
                    default -> null;
                });
    }

    /** The arguments after the command. */
    static List<String> arguments(FakeProcess process) {
        List<String> all = process.arguments();
        return all.subList(Math.min(1, all.size()), all.size());
    }

    static int print(FakeProcess process, String text) throws IOException {
        process.output().write(text.getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    static int complain(FakeProcess process, String text, int code) throws IOException {
        process.error().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        return code;
    }

    private static int cat(FakeProcess process) throws IOException {
        List<String> paths = arguments(process);
        int code = 0;
        if (paths.isEmpty()) {
            copy(process.input(), process.output());
        }
        for (String path : paths) {
            FakePath file = FileStreams.find(process, path);
            Optional<byte[]> content = file.files().read(file.path());
            if (content.isPresent()) {
                process.output().write(content.get());
            } else {
                code = complain(process, "cat: " + path + ": No such file or directory", 1);
            }
        }
        return code;
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int length = from.read(block); length >= 0; length = from.read(block)) {
            to.write(block, 0, length);
        }
    }

    private static int env(FakeProcess process) throws IOException {
        StringBuilder lines = new StringBuilder();
        process.environment()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return print(process, lines.toString());
    }

    private static int head(FakeProcess process) throws IOException {
        List<String> arguments = arguments(process);
        if (arguments.size() != 3
                || !arguments.get(0).equals("-c")
                || !arguments.get(2).equals("/dev/zero")) {
            return complain(process, "head: the fake one knows only 'head -c COUNT /dev/zero'", 2);
        }
        byte[] zeros = new byte[BLOCK];
        long left = Long.parseLong(arguments.get(1));
        while (left > 0) {
            int length = (int) Math.min(left, BLOCK);
            process.output().write(zeros, 0, length);
            left -= length;
        }
        return 0;
    }

    private static String userNumber(FakeProcess process) {
        String user = process.setup().user().replaceFirst(":.*", "");
        return user.equals("root") ? "0" : user.matches("[0-9]+") ? user : "1000";
    }

    private static int detached(FakeProcess process) throws Exception {
        List<String> command = arguments(process);
        Optional<FakeProgram> program = command.isEmpty()
                ? Optional.empty()
                : process.container().engine().commands().find(command.get(0));
        if (program.isEmpty()) {
            return complain(process, process.arguments().get(0) + ": no such command", 127);
        }
        return program.get().run(process.with(process.setup().withArguments(command)));
    }

    private static int seq(FakeProcess process) throws IOException {
        List<String> arguments = arguments(process);
        long last = Long.parseLong(arguments.get(arguments.size() - 1));
        StringBuilder block = new StringBuilder();
        for (long i = arguments.size() > 1 ? Long.parseLong(arguments.get(0)) : 1; i <= last; i++) {
            block.append(i).append('\n');
            if (block.length() > BLOCK) {
                print(process, block.toString());
                block.setLength(0);
            }
        }
        return print(process, block.toString());
    }

    private static int sleep(FakeProcess process) {
        BigDecimal seconds = new BigDecimal(arguments(process).get(0));
        process.sleep(Duration.ofNanos(seconds.movePointRight(9).longValue()));
        return 0;
    }

    private static int stty(FakeProcess process) throws IOException {
        Optional<FakeTerminal> terminal = process.setup().terminal();
        if (terminal.isEmpty() || !arguments(process).equals(List.of("size"))) {
            return complain(process, "stty: no terminal, or not 'stty size'", 1);
        }
        return print(
                process,
                terminal.get().size().rows() + " " + terminal.get().size().columns() + "\n");
    }
}
