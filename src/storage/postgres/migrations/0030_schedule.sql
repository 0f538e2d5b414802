-- A list that is scheduled for later has the rank of its priority plus 3, and no row in waiting. When it falls due, its row
-- gets a new seq and its plain rank: then it stands as if it were accepted at that moment.
ALTER TABLE ingestion ADD COLUMN not_before bigint;   -- wall time in ms; NULL if the client gave none

CREATE TABLE schedule (
  lane_no        int      NOT NULL,
  rank           smallint NOT NULL,     -- as in ingestion: 3 to 5
  due_time       float8   NOT NULL,
  seq            bigint   NOT NULL,
  PRIMARY KEY (lane_no, rank, due_time, seq)
);
CREATE INDEX schedule_due ON schedule (lane_no, due_time);
CREATE INDEX schedule_of_ingestion ON schedule (seq);

-- The pending ids of a client, also those of scheduled lists; with NULL those of all clients.
CREATE OR REPLACE FUNCTION pending_ids_of(of_client text) RETURNS bigint
LANGUAGE sql VOLATILE
AS $$
  SELECT coalesce(sum(ids), 0)::bigint FROM (
    SELECT ids FROM client_waiting WHERE client = of_client
    UNION ALL
    SELECT ids FROM waiting_sum
    WHERE of_client IS NULL AND lane_no = ANY (ARRAY(SELECT lane_no FROM gate)) AND rank = ANY ('{0,1,2,3,4,5}') AND level = 3
  ) AS sums
$$;
