package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

abstract class CreateCases extends Cases {
    @Test
    void create_newName_makesContainerThatNeverRan() {
        String name = node().name();

        String id = create(name);

        ObservedContainer created = node().inspect(id);
        assertThat(created.engineId()).isEqualTo(id);
        assertThat(created.name()).isEqualTo(name);
        assertThat(created.phase()).isEqualTo(Phase.CREATED);
        assertThat(created.running()).isFalse();
        assertThat(created.exitCode()).isEmpty();
    }

    @Test
    void create_twoNames_givesTwoIds() {
        assertThat(create(node().name())).isNotEqualTo(create(node().name()));
    }

    @Test
    void create_nameTakenByOurs_saysSoAndLeavesIt() {
        String name = node().name();
        String first = create(name);

        assertThat(codeOf(() -> create(name))).isEqualTo(ErrorCode.NAME_TAKEN);

        assertThat(node().inspect(name).engineId()).isEqualTo(first);
        assertThat(node().list()).hasSize(1);
    }

    @Test
    void create_nameTakenByRunning_saysSoAndLeavesItRunning() {
        String name = node().name();
        String first = create(name);
        node().start(first);

        assertThat(codeOf(() -> create(name))).isEqualTo(ErrorCode.NAME_TAKEN);

        assertThat(node().inspect(first).running()).isTrue();
    }

    @Test
    void create_nameTakenByOtherInstallation_saysSoAndLeavesIt() {
        String name = node().name();
        String theirs = other().transport().create(other().call(), other().request(name, forever()));

        assertThat(codeOf(() -> create(name))).isEqualTo(ErrorCode.NAME_TAKEN);

        assertThat(other().inspect(name).engineId()).isEqualTo(theirs);
        assertThat(node().list()).isEmpty();
    }

    @Test
    void create_nameTakenByForeign_saysSoAndLeavesIt() {
        needsNo(Gap.FOREIGN_CONTAINERS);
        String name = node().name();
        String foreign = kit().createForeign(name);
        try {
            assertThat(codeOf(() -> create(name))).isEqualTo(ErrorCode.NAME_TAKEN);

            assertThat(node().inspect(name).engineId()).isEqualTo(foreign);
        } finally {
            kit().removeForeign(foreign);
        }
    }

    @Test
    void create_sameNameFromEightThreads_givesExactlyOneId()
            throws InterruptedException, ExecutionException, TimeoutException {
        String name = node().name();

        List<Optional<String>> ids = race(8, () -> {
            try {
                return Optional.of(create(name));
            } catch (OrchestratorException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.NAME_TAKEN);
                return Optional.empty();
            }
        });

        List<String> made = ids.stream().flatMap(Optional::stream).toList();
        assertThat(made).hasSize(1);
        assertThat(node().list()).extracting(ObservedContainer::engineId).isEqualTo(made);
    }

    @Test
    void create_nameOfRemoved_givesNewId() {
        String name = node().name();
        String first = create(name);
        node().remove(first);

        String second = create(name);

        assertThat(second).isNotEqualTo(first);
        assertThat(node().inspect(name).engineId()).isEqualTo(second);
    }

    @Test
    void create_unknownImage_saysSoAndMakesNothing() {
        needsNo(Gap.UNKNOWN_IMAGES);
        String name = node().name();
        ContainerSpec spec =
                ContainerSpec.builder("no-such-image-" + node().unique()).build();
        CreateRequest request = node().request(name, spec);

        assertThat(codeOf(() -> node().transport().create(node().call(), request)))
                .isEqualTo(ErrorCode.IMAGE_NOT_FOUND);

        assertThat(node().find(name)).isEmpty();
        assertThat(node().list()).isEmpty();
    }

    @Test
    void create_hostileLabels_keepsThemExactly() {
        ContainerSpec spec = script(FOREVER)
                .label("spaces", "  two  spaces  ")
                .label("quotes", "\"double\" 'single' `back` \\slash\\")
                .label("lines", "first\nsecond\r\n\tthird\n")
                .label("unicode", "grüß 日本 😀 e\u0301")
                .label("empty", "")
                .label("json", "{\"a\":[1,null]}</script>&amp;%00$HOME")
                .label("equals=sign", "a=b,c=d")
                .build();
        CreateRequest request = node().request(node().name(), spec);

        String id = node().transport().create(node().call(), request);

        assertThat(node().inspect(id).labels()).containsAllEntriesOf(request.labels());
        assertThat(node().list().get(0).labels()).containsAllEntriesOf(request.labels());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two  spaces ",
                "\"double\" and 'single'",
                "$HOME `id` $(id) ${X} !x",
                "back\\slash \\n \\\"",
                "first\nsecond\n",
                "tab\tand\rreturn",
                "grüß 日本 😀",
                "-n",
                "* ? [a] ~ # ; & | < >",
                "%s%n%%"
            })
    void create_hostileEnvironmentAndArguments_reachTheProcessExactly(String value) {
        needs(LogSource.class);
        String script = "printf '%s|' \"$HOSTILE\"; for a in \"$@\"; do printf '%s|' \"$a\"; done";

        String id = node().runToEnd(script(script, value, "last").env("HOSTILE", value));

        assertThat(node().output(id)).isEqualTo(value + "|" + value + "|last|");
    }

    @Test
    void create_commandWithoutEntrypoint_replacesTheImagesCommand() {
        needs(LogSource.class);
        ContainerSpec.Builder spec =
                ContainerSpec.builder(kit().image()).memoryMib(64).command("sh", "-c", "echo from the command");

        String id = node().runToEnd(spec);

        assertThat(node().output(id)).isEqualTo("from the command\n");
    }

    @Test
    void create_workingDirectory_isWhereTheProcessBegins() {
        needs(LogSource.class);

        String id = node().runToEnd(script("pwd").workingDirectory(kit().scratch()));

        assertThat(node().output(id)).isEqualTo(kit().scratch() + "\n");
    }

    @Test
    void create_user_isWhoTheProcessRunsAs() {
        needs(LogSource.class);
        needsNo(Gap.USERS);

        String id = node().runToEnd(script("id -u").user("1234"));

        assertThat(node().output(id)).isEqualTo("1234\n");
    }

    private ContainerSpec forever() {
        return script(FOREVER).build();
    }

    private String create(String name) {
        return node().transport().create(node().call(), node().request(name, forever()));
    }
}
