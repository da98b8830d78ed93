package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.VolumeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class VolumeCases extends Cases {
    @BeforeEach
    void needsVolumes() {
        needs(VolumeStore.class);
    }

    @Test
    void createVolume_new_keepsItsLabelsExactly() {
        SortedMap<String, String> labels = node().labels();
        labels.put("note", "spaces \"quotes\" \n grüß 😀 {}");

        volumes().createVolume(node().call(), volume("data"), labels);

        assertThat(volumes().volumeLabels(node().call(), volume("data"))).contains(labels);
    }

    @Test
    void createVolume_twice_leavesTheFirst() {
        SortedMap<String, String> first = create("data");
        SortedMap<String, String> second = new TreeMap<>(first);
        second.put("second", "yes");

        volumes().createVolume(node().call(), volume("data"), second);

        assertThat(volumes().volumeLabels(node().call(), volume("data"))).contains(first);
        assertThat(list(node())).containsExactly(volume("data"));
    }

    @Test
    void createVolume_fromEightThreads_makesOne() throws Exception {
        SortedMap<String, String> labels = node().labels();

        race(8, () -> {
            volumes().createVolume(node().call(), volume("data"), labels);
            return labels;
        });

        assertThat(list(node())).containsExactly(volume("data"));
    }

    @Test
    void volumeLabels_unknown_areEmpty() {
        assertThat(volumes().volumeLabels(node().call(), volume("none"))).isEmpty();
    }

    @Test
    void removeVolume_unused_isGone() {
        create("data");

        volumes().removeVolume(node().call(), volume("data"));

        assertThat(volumes().volumeLabels(node().call(), volume("data"))).isEmpty();
        assertThat(list(node())).isEmpty();
    }

    @Test
    void removeVolume_twice_isNotAnError() {
        create("data");
        volumes().removeVolume(node().call(), volume("data"));

        volumes().removeVolume(node().call(), volume("data"));

        assertThat(list(node())).isEmpty();
    }

    @Test
    void removeVolume_usedByRunningContainer_isAConflict() {
        create("data");
        node().run(script(FOREVER).volume("data", "/data"));

        assertThat(codeOf(() -> volumes().removeVolume(node().call(), volume("data"))))
                .isEqualTo(ErrorCode.CONFLICT);

        assertThat(list(node())).containsExactly(volume("data"));
    }

    @Test
    void removeVolume_usedByContainerNeverStarted_isAConflict() {
        create("data");
        node().create(script(FOREVER).volume("data", "/data"));

        assertThat(codeOf(() -> volumes().removeVolume(node().call(), volume("data"))))
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void removeVolume_ofOtherInstallation_leavesIt() {
        other().ability(VolumeStore.class).createVolume(other().call(), other().volume("data"), other().labels());

        maybeRefused(() -> volumes().removeVolume(node().call(), other().volume("data")));

        assertThat(list(other())).containsExactly(other().volume("data"));
    }

    @Test
    void listVolumes_several_listsOnlyOurs() {
        create("one");
        create("two");
        other().ability(VolumeStore.class).createVolume(other().call(), other().volume("data"), other().labels());

        assertThat(list(node())).containsExactlyInAnyOrder(volume("one"), volume("two"));
        assertThat(list(other())).containsExactly(other().volume("data"));
    }

    @Test
    void volume_containerRemoved_keepsItsData() {
        needs(LogSource.class);
        create("data");
        String path = kit().mounted("/data");
        String writer = node().runToEnd(script("echo kept > " + path + "/file").volume("data", "/data"));
        node().remove(writer);

        String reader = node().runToEnd(script("cat " + path + "/file").volume("data", "/data"));

        assertThat(node().output(reader)).isEqualTo("kept\n");
    }

    @Test
    void volume_madeAgain_isEmpty() {
        needs(LogSource.class);
        create("data");
        String path = kit().mounted("/data");
        node().remove(node().runToEnd(script("echo old > " + path + "/file").volume("data", "/data")));
        volumes().removeVolume(node().call(), volume("data"));
        create("data");

        String reader =
                node().runToEnd(script("cat " + path + "/file || echo nothing").volume("data", "/data"));

        assertThat(node().output(reader)).isEqualTo("nothing\n");
    }

    @Test
    void start_volumeMissing_makesItWithOurLabels() {
        ContainerSpec spec =
                script(FOREVER).volume("data", "/data").label("tier", "front").build();
        CreateRequest request = node().request(node().name(), spec);
        SortedMap<String, String> ours = new TreeMap<>(request.labels());
        ours.remove("tier");

        node().start(node().transport().create(node().call(), request));

        assertThat(volumes().volumeLabels(node().call(), volume("data"))).contains(ours);
        assertThat(list(node())).containsExactly(volume("data"));
    }

    @Test
    void start_volumeMadeBefore_keepsItsLabels() {
        SortedMap<String, String> first = create("data");

        node().run(script(FOREVER).volume("data", "/data"));

        assertThat(volumes().volumeLabels(node().call(), volume("data"))).contains(first);
    }

    private VolumeStore volumes() {
        return node().ability(VolumeStore.class);
    }

    private String volume(String name) {
        return node().volume(name);
    }

    private SortedMap<String, String> create(String name) {
        SortedMap<String, String> labels = node().labels();
        volumes().createVolume(node().call(), volume(name), labels);
        return labels;
    }

    private static List<String> list(KitNode from) {
        List<String> names = new ArrayList<>();
        from.ability(VolumeStore.class).listVolumes(from.call(), names::add);
        return names;
    }
}
