package io.orchestrator.benchmarks;

import io.orchestrator.benchmarks.Statistics.Estimate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Prints figures as the rows of docs/benchmarks.md. */
final class Report {
    private Report() {}

    static void heading(Options options, RawEngine engine) {
        IncorrectException.require(
                engine.exchange(RawEngine.request("GET", "/version")) == 200, "the engine tells no version");
        String version = engine.json().replaceFirst("(?s).*?\"Version\":\"([0-9][^\"]*)\",\"ApiVersion\".*", "$1");
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %d processors, engine %s, JDK %s%s%n%n",
                options.benchmark(),
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                version,
                Runtime.version(),
                options.benchmark().equals("idle")
                        ? ""
                        : ", " + options.rounds() + " rounds, " + options.pairs() + " calls of each");
    }

    static void contenders(String what, List<Contender> contenders) {
        System.out.println("| " + what + " | p50 | p90 | JVM CPU per call |\n|---|---|---|---|");
        for (Contender contender : contenders) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |%n",
                    contender.name(),
                    time(contender.nanos().percentile(50) / 1e3),
                    time(contender.nanos().percentile(90) / 1e3),
                    time(contender.cpuMicrosPerCall()));
        }
        System.out.println();
    }

    /** A ratio that should not exceed the goal; it is met only if the interval's worse end meets it. */
    static void atMost(String what, Estimate ratio, double goal) {
        line(what, ratio, "≤ " + goal, ratio.high() <= goal);
    }

    /** A ratio that should reach the goal; it is met only if the interval's worse end meets it. */
    static void atLeast(String what, Estimate ratio, double goal) {
        line(what, ratio, "≥ " + goal, ratio.low() >= goal);
    }

    private static void line(String what, Estimate ratio, String goal, boolean met) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f to %.3f | %s | %s |%n",
                what,
                ratio.median(),
                ratio.low(),
                ratio.high(),
                goal,
                met ? "met" : "not met");
    }

    static void ratios() {
        System.out.println("| ratio | median | 95 % interval | goal | |\n|---|---|---|---|---|");
    }

    private static String time(double micros) {
        return micros < 1_000
                ? String.format(Locale.ROOT, "%.1f us", micros)
                : String.format(Locale.ROOT, "%.2f ms", micros / 1e3);
    }
}
