-- The statistics of each hour, kept for 30 days; `history` has the minutes of the last day.
CREATE TABLE history_hour (
  at             INTEGER NOT NULL,      -- the start of the hour, wall time in ms
  lane_no        INTEGER NOT NULL,
  dispatches     INTEGER NOT NULL,
  ids            INTEGER NOT NULL,
  completed      INTEGER NOT NULL,
  retried        INTEGER NOT NULL,
  failed         INTEGER NOT NULL,
  calls_ms       REAL    NOT NULL,      -- the sum of the durations of all calls, and the longest
  slowest_ms     REAL    NOT NULL,
  high           INTEGER NOT NULL,      -- pending ids at the end of the hour
  medium         INTEGER NOT NULL,
  low            INTEGER NOT NULL,
  retries        INTEGER NOT NULL,
  PRIMARY KEY (at, lane_no)
) WITHOUT ROWID;

-- The minutes so far. Their pending ids are not known for the end of an hour: the next minutes write them.
INSERT INTO history_hour (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
SELECT at / 3600000 * 3600000, lane_no, sum(dispatches), sum(ids), sum(completed), sum(retried), sum(failed), sum(calls_ms), max(slowest_ms),
       0, 0, 0, 0
FROM history GROUP BY 1, 2;
