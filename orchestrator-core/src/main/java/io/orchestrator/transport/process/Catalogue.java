package io.orchestrator.transport.process;

import io.orchestrator.container.ContainerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which command line an image name stands for. Immutable. */
final class Catalogue {
    private static final Set<String> BARE_SYSTEMS = Set.of("ubuntu", "debian", "alpine", "centos", "fedora", "busybox");
    // not 'infinity', which not every sleep knows
    private static final List<String> KEEP_ALIVE = List.of("sleep", "2147483647");

    private final SortedMap<String, List<String>> images;

    Catalogue(SortedMap<String, List<String>> images) {
        this.images = new TreeMap<>(images);
    }

    /** The whole command line of a container; empty if the image is not known. */
    Optional<List<String>> commandLine(ContainerSpec spec) {
        String untagged = untagged(spec.image());
        List<String> known = images.getOrDefault(spec.image(), images.get(untagged));
        String simple = untagged.replaceFirst("^(docker\\.io/)?(library/)?", "");
        if (known == null && !BARE_SYSTEMS.contains(simple)) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        if (!spec.entrypoint().isEmpty()) {
            words.addAll(spec.entrypoint());
        } else if (known != null) {
            words.addAll(known);
        }
        words.addAll(spec.command());
        return Optional.of(words.isEmpty() ? KEEP_ALIVE : List.copyOf(words));
    }

    private static String untagged(String image) {
        String named = image.replaceFirst("@.*$", "");
        int tag = named.indexOf(':', named.lastIndexOf('/') + 1);
        return tag < 0 ? named : named.substring(0, tag);
    }
}
