-- Each lane has a history of its own. What waited was told of the default lane alone.
ALTER TABLE history RENAME TO old_history;
CREATE TABLE history (
  at             INTEGER NOT NULL,      -- the beginning of the minute, wall time in ms
  lane_no        INTEGER NOT NULL,
  dispatches     INTEGER NOT NULL,
  ids            INTEGER NOT NULL,
  completed      INTEGER NOT NULL,
  retried        INTEGER NOT NULL,
  failed         INTEGER NOT NULL,
  calls_ms       REAL    NOT NULL,      -- what the calls took, together and the slowest
  slowest_ms     REAL    NOT NULL,
  high           INTEGER NOT NULL,      -- what waited at the end of it
  medium         INTEGER NOT NULL,
  low            INTEGER NOT NULL,
  retries        INTEGER NOT NULL,
  PRIMARY KEY (at, lane_no)
) WITHOUT ROWID;
INSERT INTO history
  (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
SELECT at, 1, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries
FROM old_history;
DROP TABLE old_history;
