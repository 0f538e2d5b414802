-- The audit log: one row for each act of a client that changed something. `at` is wall time in ms. Lanes and targets are stored
-- as texts, so that a row outlives them. `from_value`, `to_value` and `filter` hold JSON.
CREATE TABLE audit (
  audit_no    INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_id    BLOB    NOT NULL UNIQUE,
  at          INTEGER NOT NULL,
  action      TEXT    NOT NULL,
  client      TEXT,
  address     TEXT,
  request_id  TEXT,
  lane        TEXT,
  target      TEXT,
  affected    INTEGER,
  from_value  TEXT,
  to_value    TEXT,
  filter      TEXT
);
CREATE INDEX audit_at ON audit (at, audit_no);
CREATE INDEX audit_action ON audit (action, at, audit_no);
CREATE INDEX audit_client ON audit (client, at, audit_no) WHERE client IS NOT NULL;
CREATE INDEX audit_lane ON audit (lane, at, audit_no) WHERE lane IS NOT NULL;
CREATE INDEX audit_target ON audit (target, at, audit_no) WHERE target IS NOT NULL;
