-- Of each priority the client whose turn was the last, where clients take turns; '' is nobody in particular. The index that
-- turns need is there where they are on: see client-turns.ts.
ALTER TABLE gate
  ADD COLUMN served_high   text COLLATE "C",
  ADD COLUMN served_medium text COLLATE "C",
  ADD COLUMN served_low    text COLLATE "C";

ALTER TABLE waiting ADD COLUMN client text COLLATE "C";
UPDATE waiting SET client = ingestion.client FROM ingestion
WHERE ingestion.seq = waiting.seq AND ingestion.client IS NOT NULL;
