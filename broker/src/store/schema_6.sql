-- Invitations are links that belong to an organisation: they are listed there, and stay for a while after they have ended.
ALTER TABLE links ADD COLUMN organization_id TEXT;
ALTER TABLE links ADD COLUMN invitation_id TEXT;
-- By the wall.
ALTER TABLE links ADD COLUMN sent_ms BIGINT;
CREATE UNIQUE INDEX links_by_invitation ON links (organization_id, invitation_id) WHERE organization_id IS NOT NULL;

-- What an organisation's administrators look through.
CREATE INDEX roots_by_organization ON roots (organization_id, id) WHERE ended_ms IS NULL;
