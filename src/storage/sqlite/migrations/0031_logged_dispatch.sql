-- The dispatches of the lane up to this one are in the log of departures. While the lane has no limits that need the log, later
-- ones are not: they are added when it gets such limits.
ALTER TABLE gate ADD COLUMN logged_dispatch_no INTEGER NOT NULL DEFAULT 0;
UPDATE gate SET logged_dispatch_no = coalesce((
  SELECT max(dispatch_no) FROM dispatch WHERE dispatch.lane_no = gate.lane_no AND begun_at <= (
    SELECT max(departs_us) / 1000 FROM departure WHERE departure.lane_no = gate.lane_no
  )
), 0) WHERE lane_no IN (SELECT lane_no FROM departure);
