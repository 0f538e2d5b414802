CREATE INDEX IF NOT EXISTS dead_letter_of_time ON dead_letter (died_at, dead_letter_no);
