package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.security.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokensTest {
    private static final String TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    @TempDir
    private Path directory;

    @Test
    void find_eachForm_yieldsNameAndRole() throws IOException {
        ApiTokens tokens =
                read("# comment\n\n" + TOKEN + "\n  alice\tuser  x" + TOKEN + "\nroot admin y" + TOKEN + "\n");

        assertThat(tokens.find(Secret.of(TOKEN))).hasValue(new Principal("admin", Role.ADMIN));
        assertThat(tokens.find(Secret.of("x" + TOKEN))).hasValue(new Principal("alice", Role.USER));
        assertThat(tokens.find(Secret.of("y" + TOKEN))).hasValue(new Principal("root", Role.ADMIN));
        assertThat(tokens.find(Secret.of("z" + TOKEN))).isEmpty();
        assertThat(tokens.find(Secret.of(""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "short",
                "default-secret-token",
                "changemechangemechangemechangeme",
                "alice user",
                "alice operator " + TOKEN,
                "../x user " + TOKEN,
                "alice user " + TOKEN + " more",
                TOKEN + "\nalice user " + TOKEN,
                "alice user a" + TOKEN + "\nalice admin b" + TOKEN
            })
    void read_unusableFile_refusesWithoutShowingATokenInTheMessage(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("token")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void ownTokens_madeOnce_areForTheOwnerOnlyAndStay() throws IOException {
        Path root = directory.resolve("data");

        Path file = DataDirectory.open(root).ownTokens();
        String first = Files.readString(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
        assertThat(first).matches("admin admin [0-9a-f]{64}\n");
        assertThat(Files.readString(DataDirectory.open(root).ownTokens())).isEqualTo(first);
        assertThat(ApiTokens.read(file).find(Secret.of(first.substring(12).strip())))
                .hasValue(new Principal("admin", Role.ADMIN));
    }

    private ApiTokens read(String content) throws IOException {
        return ApiTokens.read(Files.writeString(directory.resolve("tokens"), content));
    }
}
