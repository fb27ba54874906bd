-- Secure clients of the API: programs of administrators.

-- `secret_hash` is of 256 random bits; the name and who made it are sealed in `record`.
CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    record BLOB NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX clients_by_organization ON clients (organization_id);

-- Access tokens, each dead with its client.
CREATE TABLE client_tokens (
    token_hash TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX client_tokens_by_client ON client_tokens (client_id);
CREATE INDEX client_tokens_by_end ON client_tokens (expires_ms);
