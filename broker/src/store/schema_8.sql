-- Sign-outs that a provider sends: what it may name of a root, as MACs that hold connection and issuer too.
ALTER TABLE roots ADD COLUMN upstream_session TEXT;
ALTER TABLE roots ADD COLUMN upstream_subject TEXT;
-- What shows the provider at a sign-out whose session is meant, sealed; it goes when the root ends.
ALTER TABLE roots ADD COLUMN hint BLOB;
CREATE INDEX roots_by_upstream_session ON roots (upstream_session) WHERE ended_ms IS NULL AND upstream_session IS NOT NULL;
CREATE INDEX roots_by_upstream_subject ON roots (upstream_subject) WHERE ended_ms IS NULL AND upstream_subject IS NOT NULL;
