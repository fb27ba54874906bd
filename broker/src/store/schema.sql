-- The store of one deployment. Plain SQL that SQLite and PostgreSQL both speak: ids are text, times are milliseconds
-- since the Unix epoch, tokens and codes stand here as SHA-256 only. A sign-in writes to as few trees as it can: what is read
-- once a minute has no index.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Data keys, wrapped by the master key.
CREATE TABLE data_keys (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    wrapped BLOB NOT NULL
);

-- One organisation each: `document` is its configuration as JSON, `signing_key` its sealed ES256 key.
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    policy_epoch BIGINT NOT NULL,
    signing_key BLOB NOT NULL
);

-- `document` is the provider's configuration as JSON; `secrets` are sealed and bound to the connection and its address.
CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    secrets BLOB NOT NULL,
    UNIQUE (organization_id, name)
);

-- A host belongs to one organisation.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id)
);

-- One sign-in of one person in one browser. `facts` is sealed: it names the person.
CREATE TABLE roots (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    audience TEXT NOT NULL,
    principal TEXT NOT NULL,
    facts BLOB NOT NULL,
    started_ms BIGINT NOT NULL,
    last_activity_ms BIGINT NOT NULL,
    idle_ms BIGINT,
    maximum_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    ended_by TEXT,
    succeeded INTEGER NOT NULL DEFAULT 0,
    origin TEXT NOT NULL
);
CREATE INDEX roots_by_origin ON roots (origin);
CREATE INDEX roots_live ON roots (organization_id) WHERE ended_ms IS NULL;
CREATE INDEX roots_ended ON roots (ended_ms) WHERE ended_ms IS NOT NULL;

-- A root's way into one host.
CREATE TABLE accesses (
    token_hash TEXT PRIMARY KEY,
    root_id TEXT NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    started_ms BIGINT NOT NULL
);
CREATE INDEX accesses_by_root ON accesses (root_id);

-- What was used once and must not be used again.
CREATE TABLE spends (
    id TEXT PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

-- Hand-over codes between hosts.
CREATE TABLE handovers (
    code_hash TEXT PRIMARY KEY,
    root_id TEXT NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);

-- The change feed: numbered by the one row of `feed`, in the transaction that makes the change.
CREATE TABLE feed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    position BIGINT NOT NULL
);
INSERT INTO feed (only, position) VALUES (1, 0);
CREATE TABLE changes (
    position BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE TABLE audit_events (
    number INTEGER PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    organization_id TEXT,
    event TEXT NOT NULL,
    code TEXT,
    correlation TEXT NOT NULL,
    details TEXT NOT NULL
);
