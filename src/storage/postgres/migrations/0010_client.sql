-- Whose an ingestion is; NULL where it was accepted while nobody was asked.
ALTER TABLE ingestion ADD COLUMN client text;
CREATE INDEX ingestion_of_client ON ingestion (client, created_at, seq) WHERE client IS NOT NULL;
