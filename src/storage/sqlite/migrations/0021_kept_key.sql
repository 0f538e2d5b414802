-- The idempotency key that ids keep because the outcome of their last call is unknown: the dispatch that was sent first under
-- it, the place of the id in that dispatch, and the number of its ids. NULL for all other ids.
ALTER TABLE retry ADD COLUMN kept_dispatch_id BLOB;
ALTER TABLE retry ADD COLUMN kept_place INTEGER;
ALTER TABLE retry ADD COLUMN kept_size INTEGER;
CREATE INDEX retry_repeated ON retry (kept_dispatch_id) WHERE kept_dispatch_id IS NOT NULL;
ALTER TABLE dispatch_part ADD COLUMN kept_dispatch_id BLOB;
ALTER TABLE dispatch_part ADD COLUMN kept_place INTEGER;
ALTER TABLE dispatch_part ADD COLUMN kept_size INTEGER;
