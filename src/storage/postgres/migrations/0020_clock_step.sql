-- Steps of the server's clock that processes have found, and made good in the times that lay ahead; only in the row of the
-- first lane. The count is the fence: of several processes that find the same step one makes it good.
ALTER TABLE gate
  ADD COLUMN clock_steps      bigint NOT NULL DEFAULT 0,
  ADD COLUMN clock_stepped_ms float8 NOT NULL DEFAULT 0;
