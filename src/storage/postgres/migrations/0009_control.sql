-- Ids that were dropped: they were never sent, or waited to be sent again. NULL as long as nobody asked for it.
ALTER TABLE ingestion ADD COLUMN cancelled int NOT NULL DEFAULT 0, ADD COLUMN cancelled_at bigint;
ALTER TABLE batch ADD COLUMN cancelled int NOT NULL DEFAULT 0;
CREATE INDEX retry_of_ingestion ON retry (seq);

-- Ids that wait and were never sent, summed over ranges of seq: a bucket of level 1 is seq >> 7, of level 2 seq >> 14,
-- of level 3 seq >> 21. What stands before an ingestion is the sum of a few of them, wherever it stands. Each bucket is
-- the sum of its stripes, of which some may be below zero: so that no acceptance waits for another's commit. Stripe 0
-- belongs to whoever holds the lane's gate.
DROP TABLE waiting_total;
CREATE TABLE waiting_sum (
  lane_no        int      NOT NULL,
  rank           smallint NOT NULL,
  level          smallint NOT NULL,
  bucket         bigint   NOT NULL,
  stripe         smallint NOT NULL,
  ids            bigint   NOT NULL,
  PRIMARY KEY (lane_no, rank, level, bucket, stripe)
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
INSERT INTO waiting_sum (lane_no, rank, level, bucket, stripe, ids)
SELECT lane_no, rank, level, seq >> (7 * level), 0, sum(total - taken)
FROM ingestion CROSS JOIN generate_series(1, 3) AS level
WHERE taken < total GROUP BY 1, 2, 3, 4;
