-- What went on in a minute, for charts: added up by every process, a day of it kept.
CREATE TABLE history (
  at             INTEGER PRIMARY KEY,   -- the beginning of the minute, wall time in ms
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
  retries        INTEGER NOT NULL
);
