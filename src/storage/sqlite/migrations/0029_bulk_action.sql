-- Actions on all that match a filter. Times named *_at are wall time in ms. `filter`, `bound`, `place` and `actor` hold JSON.
CREATE TABLE bulk_action (
  bulk_action_no  INTEGER PRIMARY KEY AUTOINCREMENT,
  bulk_action_id  BLOB    NOT NULL UNIQUE,
  action          TEXT    NOT NULL,
  filter          TEXT    NOT NULL,
  priority        TEXT,
  bound           TEXT    NOT NULL,      -- what existed when it was planned; nothing newer is changed
  state           TEXT    NOT NULL,      -- 'planned', 'running', 'stopped', 'completed' or 'failed'
  ingestions      INTEGER NOT NULL,      -- planned
  ids             INTEGER NOT NULL,
  ingestions_done INTEGER NOT NULL DEFAULT 0,
  ids_done        INTEGER NOT NULL DEFAULT 0,
  skipped         INTEGER NOT NULL DEFAULT 0,
  place           TEXT,                  -- the cursor after the last step; NULL before the first
  created_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,      -- a planned one cannot be started any more
  started_at      INTEGER,
  ended_at        INTEGER,
  actor           TEXT,                  -- who started it
  last_error      TEXT,
  audit_entry_id  BLOB    NOT NULL,      -- the entry that counts what it has changed
  owner           BLOB,                  -- the process that runs it, as long as its lease has not expired
  lease_ends_time REAL    NOT NULL DEFAULT 0
);
CREATE INDEX bulk_action_running ON bulk_action (bulk_action_no) WHERE state = 'running';
