-- A deleted ingestion frees its idempotency key.
CREATE INDEX idempotency_of_ingestion ON idempotency (ingestion_id);
