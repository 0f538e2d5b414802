-- With which BATCH_DELAY and BATCH_SIZE the last slot was taken: the next one keeps at least that delay from it, and a process
-- with other settings can tell. 0 where that is not known.
ALTER TABLE gate
  ADD COLUMN slot_delay_ms   float8 NOT NULL DEFAULT 0,
  ADD COLUMN slot_batch_size int    NOT NULL DEFAULT 0;
