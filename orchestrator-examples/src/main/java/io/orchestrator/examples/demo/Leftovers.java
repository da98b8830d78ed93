package io.orchestrator.examples.demo;

import io.orchestrator.container.Action;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.ServiceState;
import io.orchestrator.service.VolumePolicy;
import io.orchestrator.service.bucket.Bucket;
import java.time.Duration;
import java.util.function.Consumer;

/** Takes back whatever the store says exists, however far its launch came: each thing on its own, whatever fails. */
final class Leftovers {
    private static final Duration REMOVE_WAIT = Duration.ofSeconds(45);

    private final Consumer<String> told;
    private boolean nothingLeft = true;

    private Leftovers(Consumer<String> told) {
        this.told = told;
    }

    /**
     * Removes every bucket and every container; a page of each is more than the demo makes.
     *
     * @param told what could not be removed and why
     * @return whether nothing is left
     */
    static boolean remove(ServiceLaunchers services, ContainerLauncher containers, Consumer<String> told) {
        Leftovers leftovers = new Leftovers(told);
        // buckets first: their containers go with them
        leftovers.attempt("the bucket services", () -> services.list(Bucket.KIND, null, Page.MAX_LIMIT)
                .items()
                .forEach(state -> leftovers.removeBucket(services, state)));
        leftovers.attempt("the containers", () -> containers
                .list(ContainerQuery.all())
                .items()
                .forEach(state -> leftovers.attempt("container '" + state.id() + "'", () -> containers
                        .find(state.id())
                        .ifPresent(container -> container.submit(Action.REMOVE).await(REMOVE_WAIT)))));
        return leftovers.nothingLeft;
    }

    private void removeBucket(ServiceLaunchers services, ServiceState state) {
        attempt("bucket service '" + state.id() + "'", () -> services.find(state.id(), Bucket.class)
                .ifPresent(bucket -> bucket.submitRemove(VolumePolicy.DELETE).await(REMOVE_WAIT)));
    }

    private void attempt(String what, Runnable removal) {
        try {
            removal.run();
        } catch (OrchestratorException failure) {
            nothingLeft = false;
            told.accept(what + " could not be removed: " + failure.getMessage());
        }
    }
}
