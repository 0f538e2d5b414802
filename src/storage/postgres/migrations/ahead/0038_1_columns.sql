ALTER TABLE ingestion ADD COLUMN IF NOT EXISTS accepted_seq bigint;
ALTER TABLE IF EXISTS label ADD COLUMN IF NOT EXISTS accepted_seq bigint;
