package io.orchestrator.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orchestrator.benchmarks.Statistics.Estimate;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void median_oddAndEvenCounts_isTheMiddle() {
        assertThat(Statistics.median(new double[] {9, 1, 5})).isEqualTo(5);
        assertThat(Statistics.median(new double[] {9, 1, 5, 6})).isEqualTo(5.5);
    }

    @Test
    void median_ofNothing_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(new double[0]));
    }

    @Test
    void percentile_tenValues_isTheNearestRank() {
        double[] values = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

        assertThat(Statistics.percentile(values, 90)).isEqualTo(9);
        assertThat(Statistics.percentile(values, 91)).isEqualTo(10);
        assertThat(Statistics.percentile(values, 0)).isEqualTo(1);
        assertThat(values[0]).as("the values stay in their order").isEqualTo(10);
    }

    @Test
    void bootstrap_equalValues_hasNoWidth() {
        assertThat(Statistics.bootstrap(new double[] {1.5, 1.5, 1.5})).isEqualTo(new Estimate(1.5, 1.5, 1.5));
    }

    @Test
    void bootstrap_fiveValues_reachesBothEndsBecauseFiveAreTooFewForLess() {
        // the median of a resample is the least value in 5.8 % of resamples
        assertThat(Statistics.bootstrap(new double[] {1, 2, 3, 4, 5})).isEqualTo(new Estimate(3, 1, 5));
    }

    @Test
    void bootstrap_manyValues_isAsWideAsTheTheoryOfOrderStatisticsSays() {
        double[] values = new double[101];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }

        Estimate estimate = Statistics.bootstrap(values);

        // 50 plus and minus 1.96 times half the root of 101
        assertThat(estimate.median()).isEqualTo(50);
        assertThat(estimate.low()).isBetween(38.0, 43.0);
        assertThat(estimate.high()).isBetween(57.0, 62.0);
    }

    @Test
    void ratioTo_oneSlowRound_comparesWithinEachRound() {
        Samples ours = new Samples();
        Samples peer = new Samples();
        for (double drift : new double[] {1, 10, 2}) {
            ours.beginRound();
            peer.beginRound();
            for (double value : new double[] {1, 2, 30}) {
                ours.add(2 * drift * value);
                peer.add(drift * value);
            }
        }

        assertThat(ours.ratioTo(peer)).isEqualTo(new Estimate(2, 2, 2));
        assertThat(peer.percentile(50)).isEqualTo(10);
    }
}
