-- What one id of a list costs by a limit that counts units, and the running total of what the departures of a lane cost.
ALTER TABLE ingestion ADD COLUMN units int NOT NULL DEFAULT 1;
ALTER TABLE departure ADD COLUMN units bigint NOT NULL DEFAULT 0;
UPDATE departure SET units = ids;
CREATE INDEX departure_units ON departure (lane_no, units, departure_no);
