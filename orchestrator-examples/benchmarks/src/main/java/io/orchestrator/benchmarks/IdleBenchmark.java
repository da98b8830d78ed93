package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an idle control plane with one node holds: its live heap after a collection, and the memory of its process. */
final class IdleBenchmark {
    private static final double GOAL_MIB = 64;
    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");
    /** Newer JDKs tell what is reserved first. */
    private static final Pattern COMMITTED = Pattern.compile("total (?:reserved [0-9]+K, committed )?([0-9]+)K");

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB");
    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+([0-9]+) kB");

    private IdleBenchmark() {}

    static boolean run(Options options) throws IOException, InterruptedException {
        if (!Files.isRegularFile(options.server())) {
            throw new IllegalArgumentException("there is no '" + options.server()
                    + "'; run this in the project's directory after 'mvn package', or name the jar with --server");
        }
        OtherLoad load = new OtherLoad(options.engine().getPath());
        try (RawEngine engine = new RawEngine(options.engine())) {
            Report.heading(options, engine);
        }
        System.out.println(
                "| heap limit | live heap | committed heap | resident | resident at most | goal: live heap | |\n"
                        + "|---|---|---|---|---|---|---|");
        load.skip();
        for (String limit : new String[] {"256m", "64m"}) {
            measure(options, limit);
            load.count();
        }
        System.out.println();
        load.print();
        return load.acceptable();
    }

    private static void measure(Options options, String limit) throws IOException, InterruptedException {
        try (ChildServer server = ChildServer.start(options, limit)) {
            server.idle(options.idleSeconds());
            server.requireHealthy();
            server.jcmd("GC.run");
            // the histogram counts live objects only: it begins with a full collection of its own
            double heap = number(HISTOGRAM_TOTAL, server.jcmd("GC.class_histogram")) / (1 << 20);
            String status = Files.readString(server.proc().resolve("status"));
            server.requireHealthy();
            System.out.printf(
                    Locale.ROOT,
                    "| -Xmx%s | %.1f MiB | %.0f MiB | %.0f MiB | %.0f MiB | < 64 MiB | %s |%n",
                    limit,
                    heap,
                    number(COMMITTED, server.jcmd("GC.heap_info")) / 1024,
                    number(RESIDENT, status) / 1024,
                    number(PEAK, status) / 1024,
                    heap < GOAL_MIB ? "met" : "not met");
        }
    }

    private static double number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        require(found.find(), "no " + pattern + " in: " + text.substring(0, Math.min(200, text.length())));
        return Double.parseDouble(found.group(1));
    }
}
