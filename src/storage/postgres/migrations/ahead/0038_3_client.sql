-- The migration gives it the name of the index that it drops.
CREATE INDEX IF NOT EXISTS ingestion_of_client_ahead ON ingestion (client, created_at, (coalesce(accepted_seq, seq)))
  WHERE client IS NOT NULL;
