-- What went on in a minute, for charts: added up by every process, a day of it kept.
CREATE TABLE history (
  at             bigint  PRIMARY KEY,          -- the beginning of the minute, wall time in ms
  dispatches     bigint  NOT NULL,
  ids            bigint  NOT NULL,
  completed      bigint  NOT NULL,
  retried        bigint  NOT NULL,
  failed         bigint  NOT NULL,
  calls_ms       float8  NOT NULL,             -- what the calls took, together and the slowest
  slowest_ms     float8  NOT NULL,
  high           bigint  NOT NULL,             -- what waited at the end of it
  medium         bigint  NOT NULL,
  low            bigint  NOT NULL,
  retries        bigint  NOT NULL
);
