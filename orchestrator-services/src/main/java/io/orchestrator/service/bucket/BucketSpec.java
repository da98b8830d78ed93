package io.orchestrator.service.bucket;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.ServiceSpec;

/** What is asked of a bucket. Immutable. */
public final class BucketSpec extends ServiceSpec<Bucket> {
    private BucketSpec(Builder builder) {
        super(builder);
    }

    /** A bucket with every default and a display name. */
    public static BucketSpec of(BucketEngine engine, String name) {
        return builder(engine).name(name).build();
    }

    public static Builder builder(BucketEngine engine) {
        return new Builder(engine);
    }

    /** Collects the parts of a specification. Not thread-safe. */
    public static final class Builder extends ServiceSpec.Builder<Bucket, Builder> {
        private Builder(BucketEngine engine) {
            super(engine);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Checks every value and builds the specification.
         *
         * @throws OrchestratorException for a value outside its limits, naming it
         */
        public BucketSpec build() {
            return new BucketSpec(this);
        }
    }
}
