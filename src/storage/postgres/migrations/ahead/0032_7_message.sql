CREATE INDEX IF NOT EXISTS dead_letter_of_message ON dead_letter (left(message, 80), died_at, dead_letter_no);
