package io.orchestrator.benchmarks;

/**
 * The program: runs one benchmark and prints its figures.
 *
 * <p>Ends with 0 after a valid measurement, whether or not it met the goal; with 1 if what was measured was not correct;
 * with 2 for arguments that cannot be used; with 3 if other processes used too much CPU for the figures to mean anything.
 */
public final class Benchmarks {
    private static final int INCORRECT = 1;
    private static final int USAGE = 2;
    private static final int VOID = 3;

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        System.exit(run(args));
    }

    private static int run(String[] args) throws Exception {
        try {
            Options options = Options.parse(args, System.getenv());
            boolean valid =
                    switch (options.benchmark()) {
                        case "calls" -> CallsBenchmark.run(options);
                        case "launch" -> LaunchBenchmark.run(options);
                        default -> IdleBenchmark.run(options);
                    };
            return valid ? 0 : VOID;
        } catch (IllegalArgumentException wrong) {
            System.err.println("benchmarks: " + wrong.getMessage());
            return USAGE;
        } catch (IncorrectException wrong) {
            System.err.println("benchmarks: the run does not count: " + wrong.getMessage());
            return INCORRECT;
        }
    }
}
