-- What the upstream answered to ids that completed: runs of neighbours, which no other run overlaps. The status never
-- reads this table, and long texts stand in overflow pages, so that they slow only who asks for them.
CREATE TABLE result (
  seq            INTEGER NOT NULL,
  first          INTEGER NOT NULL,      -- position of its first id in the ingestion, from 0
  size           INTEGER NOT NULL,
  bytes          INTEGER NOT NULL,      -- of `data`
  data           TEXT    NOT NULL,      -- exact JSON of each id, see result-run.ts
  PRIMARY KEY (seq, first)
) WITHOUT ROWID;

CREATE INDEX dead_letter_of_place ON dead_letter (seq, position);
