package io.orchestrator.transport.process;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ExecRunner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A host in a JVM of its own, which a test can kill. */
final class HostMain {
    private HostMain() {}

    /** Starts a host; what it prints is read from the process. */
    static Process start(boolean withPty, String... arguments) throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> withPty || !entry.contains("pty4j"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> words = Stream.concat(
                        Stream.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                HostMain.class.getName()),
                        Stream.of(arguments))
                .toList();
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        LocalNode node = new LocalNode(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "start" -> startForEver(node);
            case "create" -> createOnSignal(node, Integer.parseInt(arguments[2]));
            case "session" -> openSession(node, arguments[2]);
            default -> openTerminal(node, arguments[2]);
        }
    }

    private static void startForEver(LocalNode node) {
        String prefix = "host-" + ProcessHandle.current().pid() + "-";
        for (int i = 0; ; i++) {
            String id = node.transport.create(
                    node.call(),
                    LocalNode.request(
                            prefix + i, LocalNode.script("exec sleep 1000").build()));
            System.out.println(id);
            node.transport.start(node.call(), id);
        }
    }

    private static void createOnSignal(LocalNode node, int names) throws IOException {
        System.out.println("ready");
        System.in.read();
        for (int i = 0; i < names; i++) {
            try {
                node.transport.create(
                        node.call(),
                        LocalNode.request("same-" + i, LocalNode.script("true").build()));
                System.out.println("made");
            } catch (OrchestratorException refused) {
                System.out.println(refused.code());
            }
        }
    }

    private static void openSession(LocalNode node, String id) throws IOException {
        ExecSession session = node.transport
                .as(ExecRunner.class)
                .orElseThrow()
                .exec(
                        node.call(),
                        id,
                        ExecSpec.of("sh", "-c", "trap '' HUP PIPE; while :; do sleep 1; done"),
                        new Output());
        System.out.println("open");
        System.in.read();
        session.close();
    }

    private static void openTerminal(LocalNode node, String id) {
        try (ExecSession session = node.transport
                .as(ExecRunner.class)
                .orElseThrow()
                .exec(
                        node.call(),
                        id,
                        ExecSpec.builder("true").terminal(TerminalSize.DEFAULT).build(),
                        new Output())) {
            System.out.println("opened " + session.exit().isDone());
        } catch (OrchestratorException refused) {
            System.out.println(refused.code() + " " + refused.getMessage());
        }
        System.exit(0);
    }
}
