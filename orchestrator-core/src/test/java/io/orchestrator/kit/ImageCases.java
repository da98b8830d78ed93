package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class ImageCases extends Cases {
    @BeforeEach
    void needsImages() {
        needs(ImageStore.class);
    }

    @Test
    void imageId_present_isAlwaysTheSame() {
        Optional<String> first = images().imageId(node().call(), kit().image());

        assertThat(first).isPresent().isEqualTo(images().imageId(node().call(), kit().image()));
    }

    @Test
    void imageId_unknown_isEmpty() {
        needsNo(Gap.UNKNOWN_IMAGES);

        assertThat(images().imageId(node().call(), unknown())).isEmpty();
    }

    @Test
    void pull_unknown_saysWhyAndBringsNothing() {
        needsNo(Gap.UNKNOWN_IMAGES);
        String image = unknown();

        ErrorCode code = codeOf(() -> images().pull(node().call(), image, word -> {}));

        assertThat(code).isIn(ErrorCode.IMAGE_NOT_FOUND, ErrorCode.NODE_UNREACHABLE);
        assertThat(images().imageId(node().call(), image)).isEmpty();
    }

    @Test
    void pull_available_isThereOnReturn() {
        Optional<String> image = kit().pullableImage();
        assumeTrue(image.isPresent(), "there is no registry to pull from");
        List<Thread> threads = new ArrayList<>();

        images().pull(node().call(), image.orElseThrow(), word -> threads.add(Thread.currentThread()));

        assertThat(images().imageId(node().call(), image.orElseThrow())).isPresent();
        assertThat(threads).isNotEmpty().containsOnly(Thread.currentThread());
    }

    private ImageStore images() {
        return node().ability(ImageStore.class);
    }

    private String unknown() {
        return "localhost:1/no-such-image-" + node().unique() + ":1";
    }
}
