package io.orchestrator.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Medians, percentiles and bootstrap intervals. */
final class Statistics {
    private static final int RESAMPLES = 10_000;
    /** Fixed, so that the same measurements always give the same interval. */
    private static final long SEED = 20_261_123;

    private Statistics() {}

    /** A median and the interval that holds it with 95 % confidence. */
    record Estimate(double median, double low, double high) {}

    static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest of the values that at least so many percent of them do not exceed. */
    static double percentile(double[] values, double percent) {
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }

    /** The median with the percentile interval of the medians of resamples drawn with replacement. */
    static Estimate bootstrap(double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] medians = new double[RESAMPLES];
        double[] resample = new double[values.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < resample.length; j++) {
                resample[j] = values[random.nextInt(values.length)];
            }
            medians[i] = median(resample);
        }
        return new Estimate(median(values), percentile(medians, 2.5), percentile(medians, 97.5));
    }

    private static double[] sorted(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values were measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
