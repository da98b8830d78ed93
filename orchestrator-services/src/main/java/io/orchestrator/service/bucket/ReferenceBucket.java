package io.orchestrator.service.bucket;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ResourceLimits;
import io.orchestrator.security.Secret;
import io.orchestrator.service.EngineProfile;
import io.orchestrator.service.ServiceAccess;
import io.orchestrator.service.ServiceHost;
import io.orchestrator.service.internal.ServiceHttp;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The project's own bucket service: one small process, one directory, one bearer token.
 *
 * <p>No registry has its image: build it from the examples module, or give the name of yours.
 */
public final class ReferenceBucket implements BucketEngine {
    /** The image that {@link #engine()} launches. */
    public static final String IMAGE = "orchestrator/bucket-service:1";

    private static final String TOKEN = "token";

    private final EngineProfile profile;

    private ReferenceBucket(String image) {
        this.profile = EngineProfile.builder(Bucket.KIND, "reference")
                .image(image)
                .limits(new ResourceLimits(1, 128, 128))
                .build();
    }

    public static BucketEngine engine() {
        return engine(IMAGE);
    }

    /** The engine with another name of its image. */
    public static BucketEngine engine(String image) {
        return new ReferenceBucket(image);
    }

    @Override
    public EngineProfile profile() {
        return profile;
    }

    @Override
    public SortedMap<String, Secret> credentials(Supplier<Secret> random) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(TOKEN, random.get())));
    }

    @Override
    public void configure(ContainerSpec.Builder container, ServiceAccess access) {
        container
                .env("BUCKET_TOKEN", access.credential(TOKEN))
                .env("DATA_DIR", profile.dataPath())
                .env("PORT", Integer.toString(profile.port()));
    }

    @Override
    public BucketClient connect(URI endpoint, ServiceAccess access, ServiceHost host) {
        ServiceHttp http = new ServiceHttp(host.runtime(), host.http(), endpoint, access.credential(TOKEN));
        return new ReferenceBucketClient(http, access.id().toString());
    }
}
