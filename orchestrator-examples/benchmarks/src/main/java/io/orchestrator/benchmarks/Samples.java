package io.orchestrator.benchmarks;

import io.orchestrator.benchmarks.Statistics.Estimate;
import java.util.ArrayList;
import java.util.List;

/** What one contender took, by round. Not thread-safe. */
final class Samples {
    private final List<List<Double>> rounds = new ArrayList<>();

    void beginRound() {
        rounds.add(new ArrayList<>());
    }

    void add(double value) {
        rounds.get(rounds.size() - 1).add(value);
    }

    /** Over all rounds. */
    double percentile(double percent) {
        return Statistics.percentile(
                rounds.stream()
                        .flatMap(List::stream)
                        .mapToDouble(Double::doubleValue)
                        .toArray(),
                percent);
    }

    /** The median over the rounds of this contender's median in a round divided by the peer's in the same round. */
    Estimate ratioTo(Samples peer) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = medianOf(rounds.get(i)) / medianOf(peer.rounds.get(i));
        }
        return Statistics.bootstrap(ratios);
    }

    private static double medianOf(List<Double> round) {
        return Statistics.median(round.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
