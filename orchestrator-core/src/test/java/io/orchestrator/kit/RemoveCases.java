package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

abstract class RemoveCases extends Cases {
    @Test
    void remove_neverStarted_isGoneOnReturn() {
        String id = node().create(script(FOREVER));

        node().remove(id);

        assertThat(node().find(id)).isEmpty();
        assertThat(node().list()).isEmpty();
    }

    @Test
    void remove_running_isGoneOnReturn() {
        String id = node().run(script(IGNORES_TERM));
        String name = node().inspect(id).name();

        node().remove(id);

        assertThat(node().find(id)).isEmpty();
        assertThat(node().find(name)).isEmpty();
        assertThat(node().list()).isEmpty();
    }

    @Test
    void remove_ended_isGoneOnReturn() {
        String id = node().runToEnd(script("exit 0"));

        node().remove(id);

        assertThat(node().find(id)).isEmpty();
    }

    @Test
    void remove_twice_isNotAnError() {
        String id = node().run(script(FOREVER));
        node().remove(id);

        node().remove(id);

        assertThat(node().find(id)).isEmpty();
    }

    @Test
    void remove_fromFourThreads_isNotAnError() throws InterruptedException, ExecutionException, TimeoutException {
        String id = node().run(script(FOREVER));

        race(4, () -> {
            node().remove(id);
            assertThat(node().find(id)).isEmpty();
            return id;
        });

        assertThat(node().list()).isEmpty();
    }

    @Test
    void remove_oneOfTwo_leavesTheOther() {
        String kept = node().run(script(FOREVER));
        String removed = node().run(script(FOREVER));

        node().remove(removed);

        assertThat(node().inspect(kept).running()).isTrue();
        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactly(kept);
    }

    @Test
    void remove_oldIdOfReusedName_leavesTheNewContainer() {
        String name = node().name();
        String old = create(name);
        node().remove(old);
        String current = create(name);

        node().remove(old);

        assertThat(node().inspect(name).engineId()).isEqualTo(current);
    }

    @Test
    void remove_name_leavesTheContainer() {
        String name = node().name();
        String id = create(name);

        maybeRefused(() -> node().remove(name));

        assertThat(node().inspect(id).name()).isEqualTo(name);
    }

    @Test
    void remove_containerOfOtherInstallation_leavesIt() {
        String theirs = other().run(script(FOREVER));

        maybeRefused(() -> node().remove(theirs));

        assertThat(other().inspect(theirs).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void remove_foreignContainer_leavesIt() {
        needsNo(Gap.FOREIGN_CONTAINERS);
        String foreign = kit().createForeign(node().name());
        try {
            maybeRefused(() -> node().remove(foreign));

            assertThat(node().inspect(foreign).engineId()).isEqualTo(foreign);
        } finally {
            kit().removeForeign(foreign);
        }
    }

    @Test
    void start_removed_isNotFoundAndStaysGone() {
        String id = node().create(script(FOREVER));
        node().remove(id);

        assertThat(codeOf(() -> node().start(id))).isEqualTo(ErrorCode.NOT_FOUND);

        assertThat(node().list()).isEmpty();
    }

    private String create(String name) {
        return node().transport()
                .create(node().call(), node().request(name, script(FOREVER).build()));
    }
}
