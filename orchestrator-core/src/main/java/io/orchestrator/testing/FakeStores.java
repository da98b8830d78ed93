package io.orchestrator.testing;

import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.VolumeStore;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The volumes and images of a fake node, for its connection. */
interface FakeStores extends VolumeStore, ImageStore {
    FakeNode node();

    String installation();

    <T> T handle(FakeVerb verb, String subject, CallContext call, Supplier<T> effect);

    default void change(FakeVerb verb, String subject, CallContext call, Runnable effect) {
        handle(verb, subject, call, () -> {
            effect.run();
            return true;
        });
    }

    @Override
    default void createVolume(CallContext call, String name, SortedMap<String, String> labels) {
        change(FakeVerb.CREATE_VOLUME, name, call, () -> volumes().create(name, labels));
    }

    @Override
    default Optional<SortedMap<String, String>> volumeLabels(CallContext call, String name) {
        return handle(FakeVerb.VOLUME_LABELS, name, call, () -> volumes().labels(name));
    }

    @Override
    default void removeVolume(CallContext call, String name) {
        change(FakeVerb.REMOVE_VOLUME, name, call, () -> node().engine().removeVolume(installation(), name));
    }

    @Override
    default void listVolumes(CallContext call, Consumer<String> sink) {
        List<String> names =
                handle(FakeVerb.LIST_VOLUMES, "", call, () -> volumes().ownedBy(installation()));
        names.forEach(sink);
    }

    @Override
    default Optional<String> imageId(CallContext call, String image) {
        return handle(FakeVerb.IMAGE_ID, image, call, () -> node().engine().imageId(image));
    }

    @Override
    default void pull(CallContext call, String image, Consumer<String> progress) {
        progress.accept("pulling " + image);
        change(FakeVerb.PULL, image, call, () -> node().engine().pull(image));
        progress.accept("pulled " + image);
    }

    private FakeVolumes volumes() {
        return node().engine().volumes();
    }
}
