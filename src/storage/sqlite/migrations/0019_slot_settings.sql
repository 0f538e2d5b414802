-- With which BATCH_DELAY the last slot was taken: the next one keeps at least that delay from it. 0 where that is not known.
ALTER TABLE gate ADD COLUMN slot_delay_ms REAL NOT NULL DEFAULT 0;
