-- The built-in identity: people of the deployment, and links that were given to somebody.

-- `user_name_tag` and `email_tag` are MACs, by which somebody is found; `record` is sealed.
CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    user_name_tag TEXT NOT NULL UNIQUE,
    email_tag TEXT NOT NULL,
    record BLOB NOT NULL
);
CREATE INDEX persons_by_email ON persons (email_tag);

-- What a link leads to is sealed. One link for each subject: a second one voids the first.
CREATE TABLE links (
    token_hash TEXT PRIMARY KEY,
    subject TEXT NOT NULL UNIQUE,
    contents BLOB NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX links_by_end ON links (expires_ms);

-- What ends with a person's memberships and password.
CREATE INDEX roots_by_principal ON roots (principal) WHERE ended_ms IS NULL;
