package io.orchestrator.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What was asked on the command line.
 *
 * @param benchmark {@code launch}, {@code calls} or {@code idle}
 * @param engine the engine's socket, from {@code DOCKER_HOST}
 * @param image an image with a shell that the engine has
 * @param rounds the measured rounds, each of which yields one ratio
 * @param pairs the measured calls of each contender, over all rounds
 * @param idleSeconds how long the idle server is left alone
 * @param server the control plane's jar
 */
record Options(String benchmark, URI engine, String image, int rounds, int pairs, int idleSeconds, Path server) {
    private static final Set<String> BENCHMARKS = Set.of("launch", "calls", "idle");
    private static final String USAGE =
            "usage: launch|calls|idle [--rounds N] [--pairs N] [--image NAME] [--idle-seconds N] [--server JAR]";

    static Options parse(String[] args, Map<String, String> environment) {
        if (args.length % 2 != 1 || !BENCHMARKS.contains(args[0])) {
            throw new IllegalArgumentException(USAGE);
        }
        String host = environment.getOrDefault("DOCKER_HOST", "");
        String image = "orchestrator-test/busybox:1";
        int rounds = 10;
        int pairs = args[0].equals("calls") ? 20_000 : 200;
        int idleSeconds = 20;
        Path server = Path.of("orchestrator-examples", "target", "control-plane.jar");
        for (int i = 1; i < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--rounds" -> rounds = number(args[i], value);
                case "--pairs" -> pairs = number(args[i], value);
                case "--idle-seconds" -> idleSeconds = number(args[i], value);
                case "--image" -> image = value;
                case "--server" -> server = Path.of(value);
                default -> throw new IllegalArgumentException("unknown option '" + args[i] + "'; " + USAGE);
            }
        }
        if (pairs < 2 * rounds) {
            throw new IllegalArgumentException("--pairs " + pairs + " is less than one pass there and back, that is two"
                    + " calls, in each of " + rounds + " rounds");
        }
        URI engine = URI.create(host.isBlank() ? "unix:///var/run/docker.sock" : host.strip());
        if (!"unix".equals(engine.getScheme())) {
            throw new IllegalArgumentException("DOCKER_HOST is not of the form unix:///path/to/docker.sock");
        }
        return new Options(args[0], engine, image, rounds, pairs, idleSeconds, server);
    }

    private static int number(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException(option + " '" + value + "' is not a whole number from 1 to 9999999");
        }
        return Integer.parseInt(value);
    }
}
