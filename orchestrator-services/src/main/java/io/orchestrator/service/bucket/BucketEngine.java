package io.orchestrator.service.bucket;

import io.orchestrator.operation.CallContext;
import io.orchestrator.service.Service;
import io.orchestrator.service.ServiceEngine;
import java.util.function.Supplier;

/** A product that serves buckets. Its profile's kind is {@link Bucket#KIND}. */
public interface BucketEngine extends ServiceEngine<Bucket, BucketClient> {
    /** Lists one object, which needs the credentials and the data. */
    @Override
    default void check(BucketClient client, CallContext call) {
        client.withTimeout(call.remaining()).list("", null, 1);
    }

    @Override
    default Bucket live(Service base, Supplier<BucketClient> client) {
        return new LiveBucket(base, client);
    }
}
