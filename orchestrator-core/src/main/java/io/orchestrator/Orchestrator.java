package io.orchestrator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.Reconciler;
import io.orchestrator.container.SweepPolicy;
import io.orchestrator.internal.container.StoredContainerLauncher;
import io.orchestrator.internal.json.Json;
import io.orchestrator.internal.node.StoredNodeRegistry;
import io.orchestrator.internal.operation.OperationDriver;
import io.orchestrator.internal.operation.OperationListener;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.metrics.OrchestratorMetrics;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.placement.PlacementStrategy;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control plane inside the application: wires the registry, the launcher and the driver to a store and transports.
 *
 * <p>Thread-safe. Building one takes up every operation that was under way in the store. Closing it never stops a
 * container: what is in flight gets six seconds to finish its step, and goes on when the store is opened again.
 */
public final class Orchestrator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Orchestrator.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private final String name;
    private final Store store;
    private final HostRuntime runtime;
    private final StoredNodeRegistry nodes;
    private final OperationDriver driver;
    private final StoredContainerLauncher containers;
    private final @Nullable OrchestratorMetrics metrics;

    private Orchestrator(Builder builder, Store store, HostRuntime runtime) {
        this.name = builder.name;
        this.store = store;
        this.runtime = runtime;
        this.nodes = new StoredNodeRegistry(store, runtime, builder.transports, name);
        long epoch = nextEpoch();
        // after what may fail: nobody could remove the meters of an orchestrator that was not built
        this.metrics = builder.meters == null
                ? null
                : new OrchestratorMetrics(builder.meters, name, status -> nodes.states().stream()
                        .filter(node -> node.status() == status)
                        .count());
        OperationListener listener = metrics == null ? (type, outcome, took) -> {} : metrics::operationEnded;
        this.driver = new OperationDriver(store, runtime, epoch, listener);
        this.containers =
                new StoredContainerLauncher(store, runtime, nodes, driver, builder.placement, builder.sweep, name);
    }

    /**
     * Starts to compose a control plane.
     *
     * @param name the installation's name: 1 to 32 characters of {@code [a-z0-9-]}. It is part of every engine name and
     *     label; only what carries it is ever touched
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The installation's name. */
    public String name() {
        return name;
    }

    /** The machines. */
    public NodeRegistry nodes() {
        return nodes;
    }

    /** The containers, of every owner. */
    public ContainerLauncher containers() {
        return containers;
    }

    /**
     * Says why a container of any owner is as it is.
     *
     * @param id as in {@link ContainerLauncher#explain}
     * @throws OrchestratorException {@link io.orchestrator.operation.ErrorCode#NOT_FOUND} if it names nothing
     */
    public Explanation explain(String id) {
        return containers.explain(id);
    }

    /** What keeps the records and the nodes in agreement. */
    public Reconciler reconciler() {
        return containers.reconciler();
    }

    /** The driver, for modules that add kinds of records. */
    public Operations operations() {
        return driver;
    }

    /** The store, for modules that add kinds of records. */
    public Store store() {
        return store;
    }

    /** Time, threads and randomness, for modules. */
    public HostRuntime runtime() {
        return runtime;
    }

    /**
     * Ends what runs here; containers go on. Idempotent.
     *
     * <p>Takes ten seconds at most, as far as the host's own transports, store and listeners end in time: six for the
     * steps that are under way, two for the connections, two for threads. An interrupted thread waits for nothing. A part
     * that cannot be closed is logged, and the others are closed all the same.
     */
    @Override
    public void close() {
        close("comparisons", containers.reconciler()::close);
        close("operations", driver::close);
        close("connections", nodes::close);
        close("threads", runtime::close);
        close("store", store::close);
        if (metrics != null) {
            close("meters", metrics::close);
        }
    }

    private static void close(String part, Runnable closing) {
        try {
            closing.run();
        } catch (Throwable failure) {
            LOG.error("the {} could not be closed", part, failure);
        }
    }

    private void open() {
        nodes.open();
        containers.open();
    }

    /** Counts the control planes that ever opened this store; a number in what each of them writes and makes. */
    private long nextEpoch() {
        RecordKey key = new RecordKey("installation", name);
        while (true) {
            ResourceRecord current =
                    store.find(key).orElseGet(() -> ResourceRecord.builder(key).build());
            long epoch = Json.read(key.toString(), current.body()).path("epoch").asLong() + 1;
            ObjectNode body = Json.object().put("epoch", epoch);
            Commit commit = new Commit(
                    List.of(Commit.Change.put(
                            current.toBuilder().body(Json.write(body)).build())),
                    List.of(new JournalDraft(runtime.now(), key, "", "installation/opened", "epoch " + epoch)));
            if (store.commit(commit).kind() == CommitResult.Kind.COMMITTED) {
                return epoch;
            }
        }
    }

    /** Collects the parts of a control plane. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final List<Transport> transports = new ArrayList<>();
        private PlacementStrategy placement = PlacementStrategy.spread();
        private SweepPolicy sweep = SweepPolicy.defaults();
        private @Nullable Store store;
        private @Nullable HostRuntime runtime;
        private @Nullable MeterRegistry meters;

        private Builder(String name) {
            if (name.length() > 32 || !NAME.matcher(name).matches()) {
                throw OrchestratorException.invalid("the installation's name is not of the form " + NAME);
            }
            this.name = name;
        }

        /** Where records are kept; in memory if none is given. The orchestrator closes it. */
        public Builder store(Store value) {
            store = value;
            return this;
        }

        /** Adds a way to reach nodes; of two that serve one scheme the first is used. */
        public Builder transport(Transport value) {
            transports.add(value);
            return this;
        }

        /** How nodes are chosen; spread by default. */
        public Builder placement(PlacementStrategy value) {
            placement = value;
            return this;
        }

        /** How much may be removed without being asked; {@link SweepPolicy#defaults} by default. */
        public Builder sweep(SweepPolicy value) {
            sweep = value;
            return this;
        }

        /** Where meters are registered; nowhere by default. */
        public Builder meterRegistry(MeterRegistry value) {
            meters = value;
            return this;
        }

        /** Replaces clocks, threads and randomness, as tests do. The orchestrator closes it. */
        public Builder runtime(HostRuntime value) {
            runtime = value;
            return this;
        }

        /**
         * Opens the control plane: reads the store and goes on with every operation that was under way. If that fails, the
         * store and the runtime are closed too.
         */
        public Orchestrator build() {
            if (store == null) {
                LOG.info("orchestrator '{}' keeps its records in memory; they end with this process", name);
            }
            Store records = store != null ? store : MemoryStore.create();
            HostRuntime threads = runtime != null ? runtime : new ThreadRuntime();
            Orchestrator orchestrator;
            try {
                orchestrator = new Orchestrator(this, records, threads);
            } catch (RuntimeException | Error failure) {
                close("threads", threads::close);
                close("store", records::close);
                throw failure;
            }
            try {
                orchestrator.open();
            } catch (RuntimeException | Error failure) {
                orchestrator.close();
                throw failure;
            }
            return orchestrator;
        }
    }
}
