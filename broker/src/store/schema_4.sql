-- Mail on its way out.

-- Mails that no server has taken yet. `letter` is sealed: address, language and content. `recipient` is a MAC of the address. What is
-- told of the past is dated by the wall (`created_ms`), the rest by the time that sessions live by.
CREATE TABLE mails (
    id TEXT PRIMARY KEY,
    organization_id TEXT,
    class TEXT NOT NULL,
    recipient TEXT NOT NULL,
    letter BLOB NOT NULL,
    attempts BIGINT NOT NULL,
    next_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX mails_by_turn ON mails (next_ms);

-- A row for each mail of the last hour, sent or not: what one address gets is bounded.
CREATE TABLE mail_counts (
    recipient TEXT NOT NULL,
    budget TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX mail_counts_by_recipient ON mail_counts (recipient, budget);
CREATE INDEX mail_counts_by_end ON mail_counts (expires_ms);
