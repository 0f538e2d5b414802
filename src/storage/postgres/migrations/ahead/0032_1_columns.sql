ALTER TABLE dead_letter
  ADD COLUMN IF NOT EXISTS lane_no int,
  ADD COLUMN IF NOT EXISTS client text,
  ADD COLUMN IF NOT EXISTS upstream_status int;
