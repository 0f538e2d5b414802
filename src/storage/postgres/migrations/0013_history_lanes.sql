-- Each lane has a history of its own. What waited was told of the default lane alone.
ALTER TABLE history ADD COLUMN lane_no int NOT NULL DEFAULT 1;
ALTER TABLE history ALTER COLUMN lane_no DROP DEFAULT;
ALTER TABLE history DROP CONSTRAINT history_pkey, ADD PRIMARY KEY (at, lane_no);
