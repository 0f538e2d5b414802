CREATE INDEX IF NOT EXISTS dispatch_lapsed ON dispatch (lane_no, lease_ends_time) WHERE ending = 'lapsed';
