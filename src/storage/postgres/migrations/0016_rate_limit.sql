-- Of each client and limit the store time at which its bucket is full again. A crash of the server forgets them.
CREATE UNLOGGED TABLE rate_limit (
  key            text     PRIMARY KEY,
  full_time      float8   NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
