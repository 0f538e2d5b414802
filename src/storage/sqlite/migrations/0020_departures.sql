-- The log of departures: what a lane with several limits has sent, with running totals. `departs_us` is the latest moment
-- (store time in microseconds) at which the calls may leave; it never decreases within a lane. `epoch` is of use where several
-- processes share a store.
CREATE TABLE departure (
  lane_no        INTEGER NOT NULL,
  departure_no   INTEGER NOT NULL,
  epoch          INTEGER NOT NULL,
  departs_us     INTEGER NOT NULL,
  calls          INTEGER NOT NULL,
  ids            INTEGER NOT NULL,
  PRIMARY KEY (lane_no, departure_no)
) WITHOUT ROWID;
CREATE INDEX departure_time ON departure (lane_no, departs_us);
CREATE INDEX departure_calls ON departure (lane_no, calls);
CREATE INDEX departure_ids ON departure (lane_no, ids);
-- A call may go on for a while after its lease has expired, and counts as in flight until then.
CREATE INDEX dispatch_lapsed ON dispatch (lane_no, lease_ends_time) WHERE ending = 'lapsed';
