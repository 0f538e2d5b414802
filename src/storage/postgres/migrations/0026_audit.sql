-- The audit log: one row for each act of a client that changed something. `at` is wall time in ms. Lanes and targets are stored
-- as texts, so that a row outlives them. `from_value`, `to_value` and `filter` hold JSON.
CREATE TABLE audit (
  audit_no    bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id    uuid    NOT NULL UNIQUE,
  at          bigint  NOT NULL,
  action      text    NOT NULL,
  client      text,
  address     text,
  request_id  text,
  lane        text,
  target      text,
  affected    bigint,
  from_value  text,
  to_value    text,
  filter      text
);
CREATE INDEX audit_at ON audit (at, audit_no);
CREATE INDEX audit_action ON audit (action, at, audit_no);
CREATE INDEX audit_client ON audit (client, at, audit_no) WHERE client IS NOT NULL;
CREATE INDEX audit_lane ON audit (lane, at, audit_no) WHERE lane IS NOT NULL;
CREATE INDEX audit_target ON audit (target, at, audit_no) WHERE target IS NOT NULL;
