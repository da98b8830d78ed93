package io.orchestrator.crash;

import io.orchestrator.container.ContainerStatus;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at every moment, judged from what really happened: the commits as the store took them, the containers as
 * they are on the nodes, and what callers were told. The names are those of the project's list of invariants.
 */
final class Invariants {
    private final FakeCluster cluster;
    private final String installation;
    private final Map<RecordKey, ResourceRecord> records = new HashMap<>();
    private final Map<String, RecordKey> keys = new HashMap<>();
    private final Set<String> launched = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private final Map<String, String> answers = new TreeMap<>();
    private final Set<String> byHand = new HashSet<>();
    private final Set<String> foreign = new HashSet<>();
    private Map<String, String> present = new HashMap<>();
    private @Nullable String broken;

    Invariants(FakeCluster cluster, String installation) {
        this.cluster = cluster;
        this.installation = installation;
    }

    /** A container of nobody's that must stay as it is. */
    void foreign(String engineId) {
        foreign.add(engineId);
    }

    /** The test itself deletes this container next. */
    void removedByHand(String engineId) {
        byHand.add(engineId);
    }

    /** I4: a caller was told that its launch succeeded. */
    void launched(String key, String id) {
        String before = answers.putIfAbsent(key, id);
        if (before != null && !before.equals(id)) {
            fail("I4 key " + key + " gave " + before + " and then " + id);
        }
        launched.add(id);
    }

    /** A caller was told that the container is gone. */
    void removed(String id) {
        removed.add(id);
    }

    /** I6, I10: takes note of a commit that took place. */
    void committed(Commit commit) {
        commit.changes()
                .forEach(change -> keys.values().removeIf(change.record().key()::equals));
        for (Commit.Change change : commit.changes()) {
            ResourceRecord next = change.record();
            ResourceRecord before = records.get(next.key());
            long version = before == null ? 0 : before.version();
            if (next.version() != version) {
                fail("I6 " + next.key() + " was written over version " + version + ", not " + next.version());
            }
            if (before != null && gone(before) && !change.delete() && !gone(next)) {
                fail("I6 " + next.key() + " was removed and is " + next.observed() + " again");
            }
            if (change.delete()) {
                records.remove(next.key());
                continue;
            }
            records.put(next.key(), next.toBuilder().version(version + 1).build());
            for (String key : next.uniqueKeys()) {
                RecordKey other = keys.putIfAbsent(key, next.key());
                if (other != null) {
                    fail("I10 " + key + " belongs to " + other + " and " + next.key());
                }
            }
        }
    }

    /** I2, I3, I5, I11 at this moment. */
    void check() {
        Map<String, String> now = new HashMap<>();
        Set<String> ids = new HashSet<>();
        Set<String> strangers = new HashSet<>(foreign);
        for (FakeNode node : cluster.nodes()) {
            for (ObservedContainer seen : node.containers()) {
                strangers.remove(seen.engineId());
                if (installation.equals(seen.labels().get(ContainerLabels.INSTALLATION))) {
                    String id = seen.labels().getOrDefault(ContainerLabels.ID, "");
                    now.put(seen.engineId(), id);
                    if (!ids.add(id)) {
                        fail("I3 there are two containers " + id);
                    }
                    if (seen.running() && removed.contains(id)) {
                        fail("I5 container " + id + " runs after its removal was confirmed");
                    }
                }
            }
        }
        if (!strangers.isEmpty()) {
            fail("I11 foreign containers are gone: " + strangers);
        }
        present.forEach((engineId, id) -> {
            if (!now.containsKey(engineId) && !byHand.contains(engineId)) {
                checkMayVanish(id);
            }
        });
        present = now;
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    private void checkMayVanish(String id) {
        ResourceRecord record = records.get(new RecordKey("container", id));
        boolean wished = record != null
                && (record.desired().equals("REMOVED")
                        || record.pending()
                                .filter(pending -> pending.step().equals("discard")
                                        || pending.failure().isPresent())
                                .isPresent());
        if (launched.contains(id) && !wished) {
            fail("I2 container " + id + " was removed although nobody asked for it: " + record);
        }
    }

    /** What is stored of one kind, by id. */
    Map<String, ResourceRecord> byId(String kind) {
        Map<String, ResourceRecord> found = new TreeMap<>();
        records.forEach((key, record) -> {
            if (key.kind().equals(kind)) {
                found.put(key.id(), record);
            }
        });
        return found;
    }

    private static boolean gone(ResourceRecord record) {
        return record.key().kind().equals("container") && record.observed().equals(ContainerStatus.REMOVED.name());
    }

    /** Noted here and thrown by the check, because what is thrown inside a control plane may be handled there. */
    private void fail(String what) {
        if (broken == null) {
            broken = what;
        }
    }
}
