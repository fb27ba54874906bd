-- Directories: what is counted in front of them, and the second step behind them.

-- Attempts at passwords: `key` says what they are counted under, `tally` is JSON. Nothing here names a password, and a name that nobody
-- has stands as a hash.
CREATE TABLE attempts (
    connection_id TEXT NOT NULL,
    key TEXT NOT NULL,
    tally TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (connection_id, key)
);
CREATE INDEX attempts_by_end ON attempts (expires_ms);

-- Devices for one-time codes: one a person, who is known by the hash of their principal key. `secret` is sealed; `name_tag` is a MAC
-- of the UPN at the last use, by which an administrator finds the device.
CREATE TABLE devices (
    organization_id TEXT NOT NULL,
    principal TEXT NOT NULL,
    secret BLOB NOT NULL,
    device TEXT NOT NULL,
    name_tag TEXT NOT NULL,
    registered_ms BIGINT NOT NULL,
    PRIMARY KEY (organization_id, principal)
);
CREATE INDEX devices_by_name ON devices (organization_id, name_tag);

-- First steps that were proved and wait for the second: one for each sign-in. `step` is sealed.
CREATE TABLE pending (
    ticket_hash TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    sign_in TEXT NOT NULL UNIQUE,
    principal TEXT NOT NULL,
    step BLOB NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX pending_by_principal ON pending (organization_id, principal);

-- Live sessions of a connection are looked up by it.
CREATE INDEX roots_by_connection ON roots (connection_id) WHERE ended_ms IS NULL;
