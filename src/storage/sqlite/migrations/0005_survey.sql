-- Lists are surveyed by the time at which they came, dispatches by their lane and by the ingestion whose ids they carried.
CREATE INDEX ingestion_created ON ingestion (created_at);
CREATE INDEX dispatch_of_lane ON dispatch (lane_no);
CREATE INDEX dispatch_part_of_ingestion ON dispatch_part (seq);

-- What became of the ids of a dispatch that was settled.
ALTER TABLE dispatch ADD COLUMN completed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;

WITH dead AS MATERIALIZED (
  SELECT seq, position, max(died_at) AS died_at FROM dead_letter GROUP BY seq, position
),
tried AS MATERIALIZED (
  SELECT dispatch_no, count(*) AS attempts, count(died_at) AS failed
  FROM failed_attempt LEFT JOIN dead
    ON dead.seq = failed_attempt.seq AND dead.position = failed_attempt.position AND died_at = attempted_at
  GROUP BY dispatch_no
),
carried AS MATERIALIZED (SELECT dispatch_no, sum(size) AS ids FROM dispatch_part GROUP BY dispatch_no)
UPDATE dispatch SET completed = ids - coalesce(attempts, 0),
                    retried = coalesce(attempts - tried.failed, 0),
                    failed = coalesce(tried.failed, 0)
FROM carried LEFT JOIN tried USING (dispatch_no)
WHERE dispatch.dispatch_no = carried.dispatch_no AND ending = 'settled';
