package io.orchestrator.service.bucket;

import io.orchestrator.service.ForwardingService;
import io.orchestrator.service.Service;
import java.util.function.Supplier;

/** What is common to all services, and the client. */
final class LiveBucket extends ForwardingService implements Bucket {
    private final Supplier<BucketClient> client;

    LiveBucket(Service base, Supplier<BucketClient> client) {
        super(base);
        this.client = client;
    }

    @Override
    public BucketClient client() {
        return client.get();
    }
}
