-- The statistics of each hour, kept for 30 days; `history` has the minutes of the last day.
CREATE TABLE history_hour (
  at             bigint  NOT NULL,      -- the start of the hour, wall time in ms
  lane_no        int     NOT NULL,
  dispatches     bigint  NOT NULL,
  ids            bigint  NOT NULL,
  completed      bigint  NOT NULL,
  retried        bigint  NOT NULL,
  failed         bigint  NOT NULL,
  calls_ms       float8  NOT NULL,      -- the sum of the durations of all calls, and the longest
  slowest_ms     float8  NOT NULL,
  high           bigint  NOT NULL,      -- pending ids at the end of the hour
  medium         bigint  NOT NULL,
  low            bigint  NOT NULL,
  retries        bigint  NOT NULL,
  PRIMARY KEY (at, lane_no)
);

-- The minutes so far. Their pending ids are not known for the end of an hour: the next minutes write them.
INSERT INTO history_hour (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
SELECT at / 3600000 * 3600000, lane_no, sum(dispatches), sum(ids), sum(completed), sum(retried), sum(failed), sum(calls_ms), max(slowest_ms),
       0, 0, 0, 0
FROM history GROUP BY 1, 2;
