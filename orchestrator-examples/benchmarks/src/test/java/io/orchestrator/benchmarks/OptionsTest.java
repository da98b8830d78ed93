package io.orchestrator.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void parse_nothingButTheBenchmark_hasTheCountsOfTheRules() {
        Options options = Options.parse(new String[] {"launch"}, Map.of());

        assertThat(options.pairs()).isEqualTo(200);
        assertThat(options.rounds()).isEqualTo(10);
        assertThat(options.engine()).isEqualTo(URI.create("unix:///var/run/docker.sock"));
    }

    @Test
    void parse_countsAndEngine_areTaken() {
        Options options = Options.parse(
                new String[] {"calls", "--rounds", "5", "--pairs", "10"}, Map.of("DOCKER_HOST", "unix:///tmp/e.sock"));

        assertThat(options.pairs()).isEqualTo(10);
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.engine().getPath()).isEqualTo("/tmp/e.sock");
    }

    @Test
    void parse_whatCannotBeMeasured_saysWhy() {
        refused("usage: ");
        refused("usage: ", "fly");
        refused("'0' is not a whole number", "calls", "--rounds", "0");
        refused("--pairs 9 is less than one pass", "calls", "--rounds", "5", "--pairs", "9");
        refused("unknown option '--fast'", "calls", "--fast", "yes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(new String[] {"calls"}, Map.of("DOCKER_HOST", "tcp://127.0.0.1:1")))
                .withMessageContaining("unix:///path");
    }

    private static void refused(String why, String... args) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(args, Map.of()))
                .withMessageContaining(why);
    }
}
