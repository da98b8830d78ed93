package io.orchestrator.node;

import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import io.orchestrator.testing.TransportOverlay;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Correct nodes, until a test answers their probes itself or has them fail at close. */
final class PlantedTransport implements Transport {
    private final Transport correct;
    private final Map<String, Function<CallContext, CompletableFuture<NodeReport>>> probes = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Set<String> failingToClose = ConcurrentHashMap.newKeySet();
    private final Set<String> closed = Collections.synchronizedSet(new TreeSet<>());

    PlantedTransport(Transport correct) {
        this.correct = correct;
    }

    /** Answers that node's probes from now on, and counts them anew. */
    void probe(String node, Function<CallContext, CompletableFuture<NodeReport>> answer) {
        counts.remove(node);
        probes.put(node, answer);
    }

    int probes(String node) {
        return counts.getOrDefault(node, 0);
    }

    void failToClose(String node) {
        failingToClose.add(node);
    }

    Set<String> closed() {
        return closed;
    }

    @Override
    public Set<String> schemes() {
        return correct.schemes();
    }

    @Override
    public NodeTransport connect(NodeSpec node, String installation, HostRuntime runtime) {
        return new Node(node.id().value(), correct.connect(node, installation, runtime));
    }

    private final class Node extends TransportOverlay {
        private final String name;
        private final NodeTransport correct;

        Node(String name, NodeTransport correct) {
            super(correct);
            this.name = name;
            this.correct = correct;
        }

        @Override
        public CompletableFuture<NodeReport> probe(CallContext call) {
            counts.merge(name, 1, Integer::sum);
            return probes.getOrDefault(name, super::probe).apply(call);
        }

        @Override
        public <A> Optional<A> as(Class<A> ability) {
            return correct.as(ability);
        }

        @Override
        public void close() {
            closed.add(name);
            super.close();
            if (failingToClose.contains(name)) {
                throw new IllegalStateException("planted: cannot close");
            }
        }
    }
}
