CREATE TABLE orchestrator_record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    owner TEXT NOT NULL,
    node TEXT NOT NULL,
    desired TEXT NOT NULL,
    observed TEXT NOT NULL,
    generation INTEGER NOT NULL,
    pending_id TEXT,
    pending_type TEXT,
    pending_step TEXT,
    pending_epoch INTEGER,
    failure_code TEXT,
    failure_message TEXT,
    labels TEXT NOT NULL,
    unique_keys TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE INDEX orchestrator_record_owner ON orchestrator_record (kind, owner, id);
CREATE INDEX orchestrator_record_node ON orchestrator_record (kind, node, id);
CREATE INDEX orchestrator_record_pending ON orchestrator_record (kind, id) WHERE pending_id IS NOT NULL;

CREATE TABLE orchestrator_label (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, id, name)
) WITHOUT ROWID;

CREATE INDEX orchestrator_label_value ON orchestrator_label (name, value, kind, id);

CREATE TABLE orchestrator_unique_key (
    unique_key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL
) WITHOUT ROWID;

-- AUTOINCREMENT: a position is never given twice, even after old entries are deleted.
CREATE TABLE orchestrator_journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    operation TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL
);
