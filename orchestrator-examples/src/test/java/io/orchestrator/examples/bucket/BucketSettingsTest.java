package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BucketSettingsTest {
    @Test
    void of_onlyAToken_hasTheDefaults() {
        BucketSettings settings = BucketSettings.of(Map.of("BUCKET_TOKEN", TestBucket.TOKEN));

        assertThat(settings.address().getPort()).isEqualTo(8000);
        assertThat(settings.address().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(settings.data()).isEqualTo(Path.of("/data"));
        assertThat(settings.quota().maxObjectBytes()).isEqualTo(5L << 30);
        assertThat(settings.quota().maxTotalBytes()).isEqualTo(64L << 30);
    }

    @Test
    void of_tokenFile_isStripped(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), TestBucket.TOKEN + "\n");

        BucketSettings settings = BucketSettings.of(Map.of("BUCKET_TOKEN_FILE", file.toString()));

        assertThat(settings.token().matches("Bearer " + TestBucket.TOKEN)).isTrue();
    }

    @Test
    void of_noUsableToken_refuses(@TempDir Path directory) {
        assertThatThrownBy(() -> BucketSettings.of(Map.of())).hasMessageContaining("exactly one of");
        assertThatThrownBy(() -> BucketSettings.of(Map.of("BUCKET_TOKEN", "x", "BUCKET_TOKEN_FILE", "y")))
                .hasMessageContaining("exactly one of");
        assertThatThrownBy(() -> BucketSettings.of(Map.of("BUCKET_TOKEN", "x".repeat(31))))
                .hasMessageContaining("31 characters, needs at least 32");
        String missing = directory.resolve("none").toString();
        assertThatThrownBy(() -> BucketSettings.of(Map.of("BUCKET_TOKEN_FILE", missing)))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void of_badNumber_refusesAndNamesIt() {
        assertThatThrownBy(() -> with("PORT", "65536")).hasMessage("PORT is '65536', must be from 0 to 65535");
        assertThatThrownBy(() -> with("MAX_OBJECT_BYTES", "5G")).hasMessageContaining("MAX_OBJECT_BYTES is '5G'");
        assertThatThrownBy(() -> with("MAX_TOTAL_BYTES", "0")).hasMessageContaining("at least 1 byte");
    }

    @Test
    void toString_neverShowsTheToken() {
        assertThat(with("PORT", "1").toString())
                .doesNotContain(TestBucket.TOKEN)
                .contains("***");
    }

    private static BucketSettings with(String name, String value) {
        return BucketSettings.of(Map.of("BUCKET_TOKEN", TestBucket.TOKEN, name, value));
    }
}
