-- The migration gives it the name of the index that it drops.
CREATE INDEX IF NOT EXISTS dead_letter_of_ingestion_ahead ON dead_letter ((seq + 0), died_at, dead_letter_no);
