-- The calls that the upstream still accepts until `ceiling_until_time` (store time), as an answer to the dispatch
-- `ceiling_dispatch_no` told it, less those that were claimed since.
ALTER TABLE gate ADD COLUMN ceiling_calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gate ADD COLUMN ceiling_until_time REAL NOT NULL DEFAULT 0;
ALTER TABLE gate ADD COLUMN ceiling_dispatch_no INTEGER NOT NULL DEFAULT 0;
