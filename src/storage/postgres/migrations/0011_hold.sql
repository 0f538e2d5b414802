-- Until when no slot opens because the upstream asked for it.
ALTER TABLE gate ADD COLUMN held_until_time float8 NOT NULL DEFAULT 0;
