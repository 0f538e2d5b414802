-- Whose an ingestion is; NULL where it was accepted while nobody was asked.
ALTER TABLE ingestion ADD COLUMN client TEXT;
-- Its entries are ordered by (client, created_at, seq), the rowid being the last column of every index.
CREATE INDEX ingestion_of_client ON ingestion (client, created_at) WHERE client IS NOT NULL;
