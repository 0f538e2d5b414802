-- Actions on all that match a filter. Times named *_at are wall time in ms. `filter`, `bound`, `place` and `actor` hold JSON.
CREATE TABLE bulk_action (
  bulk_action_no  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bulk_action_id  uuid    NOT NULL UNIQUE,
  action          text    NOT NULL,
  filter          text    NOT NULL,
  priority        text,
  bound           text    NOT NULL,      -- what existed when it was planned; nothing newer is changed
  state           text    NOT NULL,      -- 'planned', 'running', 'stopped', 'completed' or 'failed'
  ingestions      bigint  NOT NULL,      -- planned
  ids             bigint  NOT NULL,
  ingestions_done bigint  NOT NULL DEFAULT 0,
  ids_done        bigint  NOT NULL DEFAULT 0,
  skipped         bigint  NOT NULL DEFAULT 0,
  place           text,                  -- the cursor after the last step; NULL before the first
  created_at      bigint  NOT NULL,
  expires_at      bigint  NOT NULL,      -- a planned one cannot be started any more
  started_at      bigint ,
  ended_at        bigint ,
  actor           text,                  -- who started it
  last_error      text,
  audit_entry_id  uuid    NOT NULL,      -- the entry that counts what it has changed
  owner           uuid,                  -- the process that runs it, as long as its lease has not expired
  lease_ends_time float8    NOT NULL DEFAULT 0
);
CREATE INDEX bulk_action_running ON bulk_action (bulk_action_no) WHERE state = 'running';
