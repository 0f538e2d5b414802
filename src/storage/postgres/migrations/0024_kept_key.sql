-- The idempotency key that ids keep because the outcome of their last call is unknown: the dispatch that was sent first under
-- it, the place of the id in that dispatch, and the number of its ids. NULL for all other ids.
ALTER TABLE retry ADD COLUMN kept_dispatch_id uuid;
ALTER TABLE retry ADD COLUMN kept_place int;
ALTER TABLE retry ADD COLUMN kept_size int;
CREATE INDEX retry_repeated ON retry (kept_dispatch_id) WHERE kept_dispatch_id IS NOT NULL;
ALTER TABLE dispatch_part ADD COLUMN kept_dispatch_id uuid;
ALTER TABLE dispatch_part ADD COLUMN kept_place int;
ALTER TABLE dispatch_part ADD COLUMN kept_size int;
