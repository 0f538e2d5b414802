-- The log of departures: what a lane with several limits has sent, with running totals. `departs_us` is the latest moment
-- (store time in microseconds) at which the calls may leave; it never decreases within a lane. `epoch` is the claim epoch under
-- which the row was added: a server that takes over can give the same number again.
CREATE TABLE departure (
  lane_no        int     NOT NULL,
  departure_no   bigint  NOT NULL,
  epoch          bigint  NOT NULL,
  departs_us     bigint  NOT NULL,
  calls          bigint  NOT NULL,
  ids            bigint  NOT NULL,
  PRIMARY KEY (lane_no, departure_no)
);
CREATE INDEX departure_time ON departure (lane_no, departs_us, departure_no);
CREATE INDEX departure_calls ON departure (lane_no, calls, departure_no);
CREATE INDEX departure_ids ON departure (lane_no, ids, departure_no);
-- A call may go on for a while after its lease has expired, and counts as in flight until then.
CREATE INDEX IF NOT EXISTS dispatch_lapsed ON dispatch (lane_no, lease_ends_time) WHERE ending = 'lapsed';
