CREATE INDEX IF NOT EXISTS dead_letter_of_lane ON dead_letter (lane_no, died_at, dead_letter_no);
