package io.orchestrator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants mistakes into the protocol and demands that {@link RandomLife} finds each of them. */
class PlantedBugsTest {
    private static final int SEEDS = 60;
    private static final int WISHES = 30;
    private static final String STEPS = "internal/container/ContainerSteps.java";
    private static final String ACTION = "internal/container/ActionOperation.java";
    private static final String LAUNCH = "internal/container/LaunchOperation.java";
    private static final String PASS = "internal/container/NodePass.java";
    private static final String STORE = "store/memory/MemoryStore.java";

    static List<PlantedBug> bugs() {
        return List.of(
                new PlantedBug(
                        "the engine's name differs with each control plane",
                        "internal/container/EngineNames.java",
                        "return new CreateRequest(container(container.id()), labels",
                        "return new CreateRequest(container(container.id()) + epoch, labels"),
                new PlantedBug(
                        "the idempotency key is not kept",
                        "internal/container/StoredContainerLauncher.java",
                        "key.ifPresent(record::uniqueKey);",
                        ""),
                new PlantedBug(
                        "another request under the same key is answered",
                        "internal/container/StoredContainerLauncher.java",
                        "if (!first.requestHash().equals(requestHash)) {",
                        "if (first.requestHash().isEmpty()) {"),
                new PlantedBug(
                        "nothing is resumed after a crash",
                        "internal/operation/OperationDriver.java",
                        "page.items().forEach(record -> kick(record.key()));",
                        ""),
                new PlantedBug(
                        "an unknown outcome of a commit is taken for a success",
                        "internal/operation/Committer.java",
                        "if (isStored(stored, lost)) {",
                        "if (!isStored(stored, lost) || stored.version() > 0) {"),
                new PlantedBug(
                        "a failed removal is swallowed",
                        STEPS,
                        "find(call, container).ifPresent(seen -> transport(container).remove(call, seen.engineId()));",
                        "try { find(call, container).ifPresent(seen -> transport(container).remove(call,"
                                + " seen.engineId())); } catch (OrchestratorException swallowed) { return; }"),
                new PlantedBug(
                        "a container that cannot be looked at is taken for gone",
                        STEPS,
                        "private Optional<ObservedContainer> find(CallContext call, StoredContainer container) {",
                        "private Optional<ObservedContainer> find(CallContext call, StoredContainer container) {"
                                + " try { return found(call, container); }"
                                + " catch (OrchestratorException away) { return Optional.empty(); } }"
                                + " private Optional<ObservedContainer> found(CallContext call, StoredContainer"
                                + " container) {"),
                new PlantedBug(
                        "a removal gives no room back",
                        STEPS,
                        "return container.failure().isPresent() ? outcome : release(outcome, container);",
                        "return outcome;"),
                new PlantedBug(
                        "a failed launch keeps its room",
                        LAUNCH,
                        "return steps.release(StepOutcome.next(failed), container);",
                        "return StepOutcome.next(failed);"),
                new PlantedBug("a failed launch keeps its keys", LAUNCH, ".releaseKeys(false)", ""),
                new PlantedBug(
                        "a removal only stops",
                        ACTION,
                        "return container.desired(Desired.REMOVED).record();",
                        "return container.desired(Desired.STOPPED).record();"),
                new PlantedBug(
                        "a removal does not reach the node",
                        ACTION,
                        "return !container.removed() && container.failure().isEmpty();",
                        "return false;"),
                new PlantedBug(
                        "a stop is not stored as desired",
                        ACTION,
                        "return container.desired(Desired.STOPPED).record();",
                        "return container.record();"),
                new PlantedBug(
                        "what is observed overwrites what is desired",
                        "internal/container/Observation.java",
                        "yield known.observed(asked ? ContainerStatus.STOPPED : ContainerStatus.FAILED)",
                        "yield known.desired(Desired.STOPPED).observed(ContainerStatus.STOPPED)"),
                new PlantedBug(
                        "the restart policy undoes a stop",
                        "internal/container/RelaunchOperation.java",
                        "&& container.desired() == Desired.RUNNING\n",
                        "\n"),
                new PlantedBug(
                        "a relaunch forgets to want",
                        "internal/container/Restarts.java",
                        "return age >= delay ? Due.RELAUNCH : Due.NOTHING;",
                        "return Due.NOTHING;"),
                new PlantedBug(
                        "containers the records do not expect are not judged",
                        PASS,
                        "boolean ran = container.base().observed().equals(ContainerStatus.RUNNING.name());\n"
                                + "        boolean stopWanted",
                        "boolean ran = here.isPresent() && here.get().running();\n        boolean stopWanted"),
                new PlantedBug(
                        "a lost compare-and-set",
                        STORE,
                        "return held.isPresent() ? held.get().version() == record.version() : record.version() == 0"
                                + " && !change.delete();",
                        "return held.isPresent() || record.version() == 0;"),
                new PlantedBug(
                        "half a commit",
                        STORE,
                        "commit.changes().forEach(this::apply);",
                        "commit.changes().stream().limit(1).forEach(this::apply);"),
                new PlantedBug(
                        "unique keys that are not",
                        STORE,
                        "if ((holder != null && !changed.contains(holder)) || !claimed.add(uniqueKey)) {",
                        "if (!claimed.add(uniqueKey)) {"),
                new PlantedBug(
                        "a success told before it is stored",
                        "internal/operation/StepRunner.java",
                        "Optional<ResourceRecord> stored = commit(written, outcome, entry(type, pending,"
                                + " record.key(), step.name(), \"\"));",
                        "if (next == null) { operation.succeed(written); }\n        Optional<ResourceRecord> stored ="
                                + " commit(written, outcome, entry(type, pending, record.key(), step.name(), \"\"));"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void live_plantedBug_isFound(PlantedBug bug) throws Exception {
        assertThat(bug.findWithin(SEEDS, WISHES)).as(bug.name()).isPresent().hasValueSatisfying(found -> {
            System.out.println("planted bug '" + bug.name() + "' found: " + found);
            assertThat(found).startsWith("seed ");
        });
    }

    @Test
    void live_nothingPlanted_isNotFound() throws Exception {
        PlantedBug none = new PlantedBug(
                "none", STEPS, "static final String CREATE = \"create\";", "static final String CREATE = \"create\" ;");

        assertThat(none.findWithin(5, WISHES)).isEmpty();
    }
}
