package io.orchestrator.crash;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.internal.node.Ledger;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.node.PortRange;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.Waiter;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.FakeVerb;
import io.orchestrator.testing.SimulatedHost;
import io.orchestrator.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * One history, decided by one seed: callers launch and change fifty containers on three nodes through control planes that
 * crash one after the other, while calls are lost, nodes and the store come and go, and people interfere by hand. The
 * {@link Invariants} are checked after every turn; in the end everything must be as was asked, and stay so.
 */
final class RandomLife {
    private static final String INSTALLATION = "sim";
    private static final List<FakeVerb> VERBS = List.of(FakeVerb.values());
    private static final PortRange PORTS = new PortRange(20_000, 20_011);
    private static final int CALLERS = 4;
    private static final int CRASHES = 4;
    private static final Duration CONVERGED = Duration.ofSeconds(60);
    /** A container that ended often waits for as long as this until its next start. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(6);

    private final Random random;
    private final Simulation world;
    private final FakeCluster cluster;
    private final Invariants invariants;
    private final FaultyStore store;
    private final List<Wish> wishes;
    private final Map<String, Integer> faults = new TreeMap<>();
    private int crashes;

    /**
     * What a history was like.
     *
     * @param trace the same for the same seed
     * @param faults how many of each kind there were
     */
    record Summary(long trace, int crashes, long commits, Map<String, Integer> faults) {}

    private RandomLife(long seed, int wishes, Simulation world) {
        this.random = new Random(seed);
        this.world = world;
        this.cluster = FakeCluster.of(3, world.host("nodes"), seed);
        this.invariants = new Invariants(cluster, INSTALLATION);
        this.store = new FaultyStore(MemoryStore.create(), invariants, seed);
        this.wishes = IntStream.range(0, wishes)
                .mapToObj(number -> new Wish(number, random))
                .toList();
    }

    /** Lives the history of the seed; throws an error that names it if anything was not as it must be. */
    static Summary live(long seed, int wishes) {
        try (Simulation world = Simulation.of(seed)) {
            return new RandomLife(seed, wishes, world).run();
        }
    }

    private Summary run() {
        cluster.nodes().forEach(node -> invariants.foreign(node.runForeign("foreign", "any:1")));
        world.watch(invariants::check);
        cluster.delay(Duration.ofMillis(30)).losing(0.03);
        store.ambiguous(0.01);
        for (int life = 1; life <= CRASHES; life++) {
            SimulatedHost host =
                    world.host("cp-" + life).crashAt(20L + random.nextInt(4 * wishes.size()), random.nextBoolean());
            live(host, true, orchestrator -> callers(host, orchestrator));
            crashes += host.crashed() ? 1 : 0;
        }
        heal();
        SimulatedHost last = world.host("cp-last");
        live(last, false, orchestrator -> {
            // what was begun goes on although nobody asks again
            require(last.waiter(), CONVERGED, this::underWay);
            callers(last, orchestrator);
            settle(last.waiter());
            stayAtRest(last.waiter());
            requireExactLedgers(orchestrator);
            removeAll(last.waiter(), orchestrator);
        });
        return new Summary(world.trace(), crashes, store.commits(), faults);
    }

    /** Runs a control plane until the body is done with it or its host died. */
    private void live(SimulatedHost host, boolean troubled, Consumer<Orchestrator> body) {
        wishes.forEach(Wish::release);
        world.run(() -> {
            AtomicBoolean done = new AtomicBoolean();
            host.execute("main", () -> {
                store.down(false);
                // one that crashed is not closed
                Orchestrator orchestrator = opened(host);
                body.accept(orchestrator);
                orchestrator.close();
                done.set(true);
            });
            Waiter watch = world.host("watch").waiter();
            BooleanSupplier over = () -> done.get() || host.crashed();
            while (!watch.await(over, Duration.ofMillis(100 + random.nextInt(1_500)))) {
                if (troubled) {
                    trouble();
                }
            }
        });
    }

    private Orchestrator opened(SimulatedHost host) {
        Waiter pause = host.waiter();
        while (true) {
            try {
                Orchestrator orchestrator = Orchestrator.builder(INSTALLATION)
                        .runtime(host)
                        .store(host.reach(Store.class, store))
                        .transport(host.reach(Transport.class, cluster.transport()))
                        .build();
                for (FakeNode node : cluster.nodes()) {
                    orchestrator
                            .nodes()
                            .register(NodeSpec.builder(node.name(), node.uri())
                                    .portRange(PORTS)
                                    .build());
                }
                return orchestrator;
            } catch (OrchestratorException refused) {
                boolean unused = pause.await(() -> false, Duration.ofSeconds(1));
            }
        }
    }

    private void callers(SimulatedHost host, Orchestrator orchestrator) {
        AtomicInteger left = new AtomicInteger(CALLERS);
        Waiter ended = host.waiter();
        for (int i = 0; i < CALLERS; i++) {
            host.execute("caller", () -> {
                call(host.waiter(), orchestrator);
                left.decrementAndGet();
                ended.wake();
            });
        }
        if (!ended.await(() -> left.get() == 0, Duration.ofHours(12))) {
            throw new AssertionError("callers still wait for their wishes");
        }
    }

    private void call(Waiter pause, Orchestrator orchestrator) {
        while (!wishes.stream().allMatch(Wish::fulfilled)) {
            wishes.stream()
                    .skip(random.nextInt(wishes.size()))
                    .filter(Wish::take)
                    .findFirst()
                    .ifPresent(wish -> {
                        pursue(wish, orchestrator);
                        wish.release();
                    });
            boolean unused = pause.await(() -> false, Duration.ofMillis(random.nextInt(500)));
        }
    }

    private void pursue(Wish wish, Orchestrator orchestrator) {
        try {
            wish.pursue(orchestrator, invariants);
        } catch (OrchestratorException refused) {
            if (refused.code() == ErrorCode.INTERNAL || refused.code() == ErrorCode.IDEMPOTENCY_MISMATCH) {
                throw refused;
            }
            faults.merge("refusal " + refused.code(), 1, Integer::sum);
        }
    }

    /** One thing goes wrong, or gets well again. */
    private void trouble() {
        FakeNode node = cluster.nodes().get(random.nextInt(3));
        List<ObservedContainer> ours = node.containers().stream()
                .filter(seen -> seen.labels().containsKey(ContainerLabels.ID))
                .toList();
        List<ObservedContainer> running =
                ours.stream().filter(ObservedContainer::running).toList();
        int what = random.nextInt(14);
        faults.merge("trouble " + what, 1, Integer::sum);
        switch (what) {
            case 0, 1 -> node.down();
            case 2 -> node.hanging(true);
            case 3 -> store.down(true);
            case 4 -> node.crash();
            case 5 -> node.portBusy(20_000 + random.nextInt(12), random.nextBoolean());
            case 6 -> node.loseReplies(VERBS.get(random.nextInt(VERBS.size())), 2);
            case 7 -> {
                if (!running.isEmpty()) {
                    node.exit(running.get(random.nextInt(running.size())).engineId(), random.nextInt(2));
                }
            }
            case 8 -> {
                if (!ours.isEmpty()) {
                    String engineId = ours.get(random.nextInt(ours.size())).engineId();
                    invariants.removedByHand(engineId);
                    node.removeByHand(engineId);
                }
            }
            case 9 -> node.refuse(random.nextBoolean() ? FakeVerb.CREATE : FakeVerb.START, 2);
            default -> {
                cluster.nodes().forEach(each -> each.up().hanging(false));
                store.down(false);
            }
        }
    }

    private void heal() {
        store.down(false);
        store.ambiguous(0);
        cluster.losing(0).delay(Duration.ZERO);
        for (FakeNode node : cluster.nodes()) {
            node.up().hanging(false);
            IntStream.rangeClosed(20_000, 20_011).forEach(port -> node.portBusy(port, false));
        }
    }

    /** I8: nothing is left under way. The rest a little later, because some wait for a restart. */
    private void settle(Waiter waiter) {
        require(waiter, CONVERGED, this::underWay);
        require(waiter, LONGEST_BACK_OFF, this::unlikeAsked);
    }

    private static void require(Waiter waiter, Duration limit, Supplier<Optional<String>> problem) {
        if (!waiter.await(() -> problem.get().isEmpty(), limit)) {
            throw new AssertionError(problem.get().orElse("gone a moment later"));
        }
    }

    private Optional<String> underWay() {
        return invariants.byId("container").values().stream()
                .filter(record -> record.pending().isPresent())
                .findFirst()
                .map(record -> "I8 still under way: " + record);
    }

    /** I1, I2, I7, I9: on the nodes is what was asked for, and nothing else; the records say the same. */
    private Optional<String> unlikeAsked() {
        Map<String, ResourceRecord> records = invariants.byId("container");
        Map<String, ObservedContainer> seen = new TreeMap<>();
        for (FakeNode node : cluster.nodes()) {
            for (ObservedContainer found : node.containers()) {
                String id = found.labels().getOrDefault(ContainerLabels.ID, "");
                ResourceRecord record = records.get(id);
                if (!id.isEmpty()
                        && (record == null || gone(record) || !record.node().equals(node.name()))) {
                    return Optional.of("I1 orphan " + found + " on " + node.name() + ": " + record);
                }
                seen.put(id, found);
            }
        }
        for (Wish wish : wishes) {
            String id = wish.id().orElseThrow().value();
            ResourceRecord record = records.get(id);
            boolean runs = seen.containsKey(id) && seen.get(id).running();
            if (record == null
                    || runs != (wish.wanted() == Desired.RUNNING)
                    || !record.desired().equals(wish.wanted().name())
                    || !record.observed().equals(record.desired())) {
                return Optional.of(
                        "I2, I7, I9 wanted " + wish.wanted() + ", on the node is " + seen.get(id) + ": " + record);
            }
        }
        return invariants.byId("node").values().stream()
                .filter(node -> !node.observed().equals(NodeStatus.READY.name()))
                .findFirst()
                .map(node -> "I13 every node can be reached: " + node);
    }

    private static boolean gone(ResourceRecord record) {
        return record.observed().equals(ContainerStatus.REMOVED.name());
    }

    /** Nothing is written and nothing is changed on a node while nobody wants anything. */
    private void stayAtRest(Waiter waiter) {
        long commits = store.commits();
        List<String> before = changes();
        boolean unused = waiter.await(() -> false, Duration.ofSeconds(60));
        if (store.commits() != commits || !changes().equals(before)) {
            throw new AssertionError(
                    "I8 not at rest: " + (store.commits() - commits) + " commits, the last of " + store.lastEvents());
        }
    }

    private List<String> changes() {
        List<String> changes = new ArrayList<>();
        for (FakeNode node : cluster.nodes()) {
            node.calls().stream().filter(call -> call.verb().changes()).forEach(call -> changes.add(call.toString()));
        }
        return changes;
    }

    /** I18: what the ledgers hold reserved is what the containers that hold a place add up to. */
    private void requireExactLedgers(Orchestrator orchestrator) {
        Map<String, Integer> held = new HashMap<>();
        wishes.stream()
                .map(wish -> orchestrator.containers().find(wish.id().orElseThrow()))
                .flatMap(Optional::stream)
                .map(io.orchestrator.container.Container::state)
                .filter(state -> state.failure().isEmpty())
                .forEach(state -> held.merge(state.node().value(), 1, Integer::sum));
        invariants.byId(Ledger.KIND).forEach((node, ledger) -> {
            int reserved = Ledger.read(ledger).containers();
            if (reserved != held.getOrDefault(node, 0)) {
                throw new AssertionError(
                        "I18 node " + node + " reserves " + reserved + ", placed there are " + held.get(node));
            }
        });
    }

    private void removeAll(Waiter waiter, Orchestrator orchestrator) {
        for (Wish wish : wishes) {
            orchestrator
                    .containers()
                    .find(wish.id().orElseThrow())
                    .ifPresent(io.orchestrator.container.Container::remove);
        }
        boolean empty = waiter.await(
                () -> cluster.nodes().stream()
                        .allMatch(node -> node.containers().size() == 1),
                CONVERGED);
        if (!empty) {
            throw new AssertionError("I1 containers are left: "
                    + cluster.nodes().stream()
                            .flatMap(node -> node.containers().stream())
                            .toList());
        }
        invariants.byId(Ledger.KIND).forEach((node, ledger) -> {
            if (!Ledger.read(ledger).equals(new Ledger(0, 0, 0))) {
                throw new AssertionError("I18 node " + node + " is empty, but reserved is " + ledger.body());
            }
        });
        cluster.nodes().forEach(node -> orchestrator.nodes().remove(NodeId.of(node.name())));
    }
}
