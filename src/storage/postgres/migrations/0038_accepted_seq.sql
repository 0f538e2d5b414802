-- A list that falls due gets a new seq. Here is the one it was accepted with, which orders listings, so that no page leaves it
-- out or shows it twice; NULL if it never got another one. On a store of a release most of this is done ahead.
ALTER TABLE ingestion ADD COLUMN IF NOT EXISTS accepted_seq bigint;
ALTER TABLE label ADD COLUMN IF NOT EXISTS accepted_seq bigint;   -- as in ingestion

DROP INDEX ingestion_created;
ALTER INDEX IF EXISTS ingestion_created_ahead RENAME TO ingestion_created;
CREATE INDEX IF NOT EXISTS ingestion_created ON ingestion (created_at, (coalesce(accepted_seq, seq)));
DROP INDEX ingestion_of_client;
ALTER INDEX IF EXISTS ingestion_of_client_ahead RENAME TO ingestion_of_client;
CREATE INDEX IF NOT EXISTS ingestion_of_client ON ingestion (client, created_at, (coalesce(accepted_seq, seq)))
  WHERE client IS NOT NULL;
ALTER TABLE label DROP CONSTRAINT label_pkey;
CREATE UNIQUE INDEX IF NOT EXISTS label_of_time ON label (label, created_at, (coalesce(accepted_seq, seq)));
DROP INDEX label_of_client;
ALTER INDEX IF EXISTS label_of_client_ahead RENAME TO label_of_client;
CREATE INDEX IF NOT EXISTS label_of_client ON label (client, label, created_at, (coalesce(accepted_seq, seq))) WHERE client IS NOT NULL;
