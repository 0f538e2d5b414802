-- A list that is scheduled for later has the rank of its priority plus 3, so that no claim finds it. When it falls due, its
-- row gets a new seq and its plain rank: then it stands as if it were accepted at that moment.
ALTER TABLE ingestion ADD COLUMN not_before INTEGER;   -- wall time in ms; NULL if the client gave none

CREATE TABLE schedule (
  lane_no        INTEGER NOT NULL,
  rank           INTEGER NOT NULL,      -- as in ingestion: 3 to 5
  due_time       REAL    NOT NULL,
  seq            INTEGER NOT NULL,
  PRIMARY KEY (lane_no, rank, due_time, seq)
) WITHOUT ROWID;
CREATE INDEX schedule_of_ingestion ON schedule (seq);
