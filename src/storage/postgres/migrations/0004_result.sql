-- What the upstream answered to ids that completed: runs of neighbours, which no other run overlaps. The status never
-- reads this table, and long texts stand out of line, so that they slow only who asks for them.
CREATE TABLE result (
  seq            bigint   NOT NULL,
  first          int      NOT NULL,            -- position of its first id in the ingestion, from 0
  size           int      NOT NULL,
  bytes          int      NOT NULL,            -- of `data`
  data           text     NOT NULL,            -- exact JSON of each id, see result-run.ts
  PRIMARY KEY (seq, first)
);

CREATE INDEX dead_letter_of_place ON dead_letter (seq, position);
