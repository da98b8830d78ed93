package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.Explanation;
import io.orchestrator.node.NodeId;

/** Why a container is as it is, as JSON; a member that does not apply is left out. */
final class ExplanationViews {
    private ExplanationViews() {}

    /** @param facts whether to tell what may name addresses of nodes */
    static ObjectNode explained(Explanation why, boolean facts) {
        ObjectNode answer = Json.object()
                .put("id", why.subject())
                .put("reason", why.reason().name())
                .put("message", why.message())
                .put("next_step", why.nextStep());
        why.container().map(ContainerId::value).ifPresent(id -> answer.put("container_id", id));
        why.node().map(NodeId::value).ifPresent(node -> answer.put("node_id", node));
        why.code().ifPresent(code -> answer.put("code", code.name()));
        why.exitCode().ifPresent(code -> answer.put("exit_code", code));
        why.dueIn().ifPresent(due -> answer.put("due_in_seconds", due.toSeconds()));
        why.underway().ifPresent(underway -> answer.set("operation", operation(underway)));
        if (facts) {
            ArrayNode known = answer.putArray("facts");
            why.facts().forEach(known::add);
        }
        return answer;
    }

    private static ObjectNode operation(Explanation.Underway underway) {
        ObjectNode operation = Json.object()
                .put("id", underway.id().value())
                .put("type", underway.type())
                .put("step", underway.step())
                .put("failures", underway.failures());
        underway.lastCode().ifPresent(code -> operation.put("last_code", code.name()));
        if (!underway.lastError().isEmpty()) {
            operation.put("last_error", underway.lastError());
        }
        return operation;
    }
}
