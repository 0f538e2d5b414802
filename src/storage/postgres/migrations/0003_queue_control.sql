-- Since when nothing is dispatched; NULL while the gate is open.
ALTER TABLE gate ADD COLUMN paused_at bigint;

-- Ids never sent, kept as they come and go: nobody has to count the backlog. Their sum is what counts; each backend has
-- a row of its own, so that none waits for another's commit.
CREATE TABLE waiting_total (
  stripe         int      PRIMARY KEY,
  high           bigint   NOT NULL DEFAULT 0,
  medium         bigint   NOT NULL DEFAULT 0,
  low            bigint   NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO waiting_total (stripe) SELECT generate_series(0, 63);
UPDATE waiting_total SET (high, medium, low) = (
  SELECT coalesce(sum(total - taken) FILTER (WHERE rank = 0), 0),
         coalesce(sum(total - taken) FILTER (WHERE rank = 1), 0),
         coalesce(sum(total - taken) FILTER (WHERE rank = 2), 0)
  FROM ingestion
) WHERE stripe = 0;
