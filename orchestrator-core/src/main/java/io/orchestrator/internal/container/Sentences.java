package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerState;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.Explanation.Reason;
import io.orchestrator.container.Explanation.Underway;
import io.orchestrator.container.RestartPolicy;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeState;
import io.orchestrator.operation.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * The words of an explanation of one container.
 *
 * @param subject the id that was asked for
 */
record Sentences(String subject, StoredContainer container, ContainerState state) {

    /** What is believed of a node, without its own words: these may name addresses. */
    static String node(NodeId id, Optional<NodeState> node) {
        if (node.isEmpty()) {
            return "node '" + id + "' is not registered";
        }
        NodeState known = node.get();
        String seen = known.lastSeen().map(at -> ", last seen at " + at).orElse("");
        return "node '" + id + "' is " + known.status() + seen;
    }

    /** An answer about which nothing is to be done. */
    Explanation.Builder plain(Reason reason, String predicate) {
        return say(reason, predicate);
    }

    Explanation.Builder busy(Reason reason, String predicate, Underway underway) {
        return say(reason, predicate + " by operation '" + underway.id() + "', now at step '" + underway.step() + "'")
                .nextStep("wait for the operation");
    }

    Explanation.Builder retrying(Underway underway) {
        return say(
                        Reason.RETRYING,
                        "is in the middle of " + underway.type() + ", operation '" + underway.id() + "', whose step '"
                                + underway.step() + "' failed " + underway.failures()
                                + " times in a row and is tried again: " + underway.lastError())
                .nextStep("look at node '" + container.node() + "' if it does not pass by itself");
    }

    Explanation.Builder waitingForNode(Optional<NodeState> node) {
        String why = node(container.node(), node);
        return say(Reason.WAITING_FOR_NODE, "cannot be looked at or changed: " + why)
                .nextStep(
                        node.isEmpty()
                                ? "register node '" + container.node() + "' again"
                                : "check node '" + container.node()
                                        + "' and the way to it; it goes on when the node answers");
    }

    Explanation.Builder removed() {
        return say(Reason.REMOVED, "was removed");
    }

    Explanation.Builder launchFailed(ErrorCode code, String why) {
        return say(Reason.LAUNCH_FAILED, "could not be launched (" + code + "): " + why)
                .code(code)
                .nextStep(remedy(code) + "remove this one and launch another");
    }

    Explanation.Builder ended(RestartPolicy policy) {
        return say(
                        Reason.ENDED,
                        "does not run: " + state.reason() + "; its restart policy "
                                + (policy.when() == RestartPolicy.When.NEVER
                                        ? "never restarts it"
                                        : "does not restart it after such an end"))
                .nextStep(lookAndStart());
    }

    Explanation.Builder restartsSpent(RestartPolicy policy) {
        return say(
                        Reason.RESTARTS_SPENT,
                        "does not run: " + state.reason() + "; its restart policy has spent its " + policy.budget()
                                + " restarts")
                .nextStep(lookAndStart());
    }

    Explanation.Builder backingOff(Duration dueIn) {
        return say(
                        Reason.BACKING_OFF,
                        "does not run: " + state.reason() + "; after " + state.restarts()
                                + " restarts in a row the next one comes in " + dueIn.toSeconds()
                                + " s at the earliest")
                .nextStep("read its logs for why it ends; a start by its owner does not wait");
    }

    Explanation.Builder heldBack(long away, int all) {
        return say(
                        Reason.HELD_BACK,
                        "does not run: " + state.reason() + "; it is not restarted while " + away + " of " + all
                                + " nodes are unreachable")
                .nextStep("check the network between this process and the nodes");
    }

    private String lookAndStart() {
        return state.engineId().isPresent() ? "read its logs, then start it" : "start it to have it made again";
    }

    private static String remedy(ErrorCode code) {
        return switch (code) {
            case IMAGE_NOT_FOUND -> "check the image's name and what the node may pull; ";
            case NO_SPACE -> "make room on the node's disk; ";
            case PORT_TAKEN, PORTS_EXHAUSTED -> "free the port, or leave the choice to the library; ";
            default -> "";
        };
    }

    private Explanation.Builder say(Reason reason, String predicate) {
        return Explanation.builder(subject, reason).message("container '" + container.id() + "' " + predicate);
    }
}
