package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.internal.node.Ledger;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeState;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.placement.Candidate;
import io.orchestrator.placement.PlacementException;
import io.orchestrator.placement.PlacementStrategy;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Chooses a node: the filters say why not, the strategy says which. */
final class Placer {
    private final Nodes nodes;
    private final Store store;
    private final PlacementStrategy strategy;

    Placer(Nodes nodes, Store store, PlacementStrategy strategy) {
        this.nodes = nodes;
        this.store = store;
        this.strategy = strategy;
    }

    /** The node to try. */
    NodeState place(ContainerSpec spec) {
        SortedMap<String, Ledger> ledgers = ledgers();
        SortedMap<String, String> refusals = new TreeMap<>();
        List<Candidate> feasible = new ArrayList<>();
        for (NodeState node : nodes.states()) {
            Ledger ledger = ledgers.getOrDefault(node.id().value(), new Ledger(0, 0, 0));
            Optional<String> refusal = refusal(spec, node, ledger);
            if (refusal.isPresent()) {
                refusals.put(node.id().value(), refusal.get());
            } else {
                feasible.add(new Candidate(node, ledger.containers(), ledger.cpuMillis(), ledger.memoryMib()));
            }
        }
        if (feasible.isEmpty()) {
            throw new PlacementException(refusals);
        }
        return strategy.choose(spec, List.copyOf(feasible)).node();
    }

    private static Optional<String> refusal(ContainerSpec spec, NodeState node, Ledger ledger) {
        if (spec.node().isPresent() && !spec.node().get().equals(node.id())) {
            return Optional.of("is not the node asked for");
        }
        if (!node.healthy()) {
            return Optional.of("is " + node.status() + " (" + node.reason() + ")");
        }
        NodeReport report = node.report().orElseThrow();
        if (report.cpus() > 0 && spec.limits().cpus() > report.cpus()) {
            return Optional.of("has " + report.cpus() + " processors, needs "
                    + spec.limits().cpus());
        }
        long free = report.memoryMib() - ledger.memoryMib();
        if (report.memoryMib() > 0 && spec.limits().memoryMib() > free) {
            return Optional.of("has " + free + " MiB free of " + report.memoryMib() + ", needs "
                    + spec.limits().memoryMib());
        }
        if (!spec.volumes().isEmpty() && !report.abilities().contains("volumes")) {
            return Optional.of("keeps no volumes");
        }
        return Optional.empty();
    }

    private SortedMap<String, Ledger> ledgers() {
        SortedMap<String, Ledger> ledgers = new TreeMap<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page = store.page(RecordQuery.of(Ledger.KIND).after(cursor));
            page.items().forEach(record -> ledgers.put(record.key().id(), Ledger.read(record)));
            cursor = page.next();
        } while (cursor.isPresent());
        return ledgers;
    }
}
