-- Texts compare by their bytes, so that pages have the same order on every server.
CREATE TABLE orchestrator_record (
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    node TEXT COLLATE "C" NOT NULL,
    desired TEXT COLLATE "C" NOT NULL,
    observed TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    pending_id TEXT,
    pending_type TEXT,
    pending_step TEXT,
    pending_epoch BIGINT,
    failure_code TEXT,
    failure_message TEXT,
    labels TEXT COLLATE "C" NOT NULL,
    unique_keys TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITH (fillfactor = 80);

CREATE INDEX orchestrator_record_owner ON orchestrator_record (kind, owner, id);
CREATE INDEX orchestrator_record_node ON orchestrator_record (kind, node, id);
CREATE INDEX orchestrator_record_pending ON orchestrator_record (kind, id) WHERE pending_id IS NOT NULL;

CREATE TABLE orchestrator_label (
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id, name)
);

CREATE INDEX orchestrator_label_value ON orchestrator_label (name, value, kind, id);

CREATE TABLE orchestrator_unique_key (
    unique_key TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL
);

CREATE TABLE orchestrator_journal (
    position BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    operation TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- Each commit locks this one row last, until it is visible: so positions follow the order of commits.
CREATE TABLE orchestrator_journal_head (
    single INTEGER PRIMARY KEY CHECK (single = 1),
    position BIGINT NOT NULL
);

INSERT INTO orchestrator_journal_head (single, position) VALUES (1, 0);
