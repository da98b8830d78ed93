package io.orchestrator.service;

/** What is asked of a service for tests. */
final class EchoSpec extends ServiceSpec<Echo> {
    private EchoSpec(Builder builder) {
        super(builder);
    }

    static Builder builder(EchoEngine engine) {
        return new Builder(engine);
    }

    static final class Builder extends ServiceSpec.Builder<Echo, Builder> {
        private Builder(EchoEngine engine) {
            super(engine);
        }

        @Override
        protected Builder self() {
            return this;
        }

        EchoSpec build() {
            return new EchoSpec(this);
        }
    }
}
