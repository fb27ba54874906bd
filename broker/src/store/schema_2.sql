-- SAML: what a deployment needs as a service provider, and what waits on the way of one sign-in.

-- Our keys as a service provider, each sealed, with its certificate; `purpose` is signing or encryption, `place` current or next.
CREATE TABLE service_provider_keys (
    purpose TEXT NOT NULL,
    place TEXT NOT NULL,
    certificate BLOB NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (purpose, place)
);

-- The last copy of a provider's metadata that passed, and the address that it came from. It outlives the connection's row,
-- which is written anew with every change of its organisation.
CREATE TABLE metadata (
    connection_id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    document TEXT NOT NULL,
    fetched_ms BIGINT NOT NULL
);

-- Verified responses on their way to the browser that has to bring them. `message` is sealed: it names a person.
CREATE TABLE parked (
    code_hash TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL,
    sign_in TEXT NOT NULL UNIQUE,
    assertion TEXT NOT NULL UNIQUE,
    usable_until_ms BIGINT NOT NULL,
    size BIGINT NOT NULL,
    message BLOB NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX parked_by_connection ON parked (connection_id);

-- Test sign-ins: whoever holds the link may try the connection, and read what came of it. `report` is sealed.
CREATE TABLE trials (
    ticket_hash TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    report BLOB
);
