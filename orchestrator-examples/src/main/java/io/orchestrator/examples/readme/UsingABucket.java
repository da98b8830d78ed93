package io.orchestrator.examples.readme;

import io.orchestrator.Orchestrator;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.VolumePolicy;
import io.orchestrator.service.bucket.Bucket;
import io.orchestrator.service.bucket.BucketContent;
import io.orchestrator.service.bucket.BucketSpec;
import io.orchestrator.service.bucket.ReferenceBucket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The example of docs/services.md. */
final class UsingABucket {
    private UsingABucket() {}

    static void run(Orchestrator orchestrator, InputStream stream, OutputStream out) throws IOException {
        ServiceLaunchers services = ServiceLaunchers.create(orchestrator, ReferenceBucket.engine());
        Bucket photos = services.launch(BucketSpec.builder(ReferenceBucket.engine())
                .name("photos")
                .owner("alice")
                .build());

        photos.client().upload("2026/cat.jpg", stream);
        try (BucketContent content = photos.client().download("2026/cat.jpg")) {
            content.stream().transferTo(out);
        }
        photos.remove(VolumePolicy.DELETE);
    }
}
