-- The migration gives it the name of the index that it drops.
CREATE INDEX IF NOT EXISTS ingestion_created_ahead ON ingestion (created_at, (coalesce(accepted_seq, seq)));
