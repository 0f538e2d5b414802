CREATE INDEX IF NOT EXISTS dead_letter_of_client ON dead_letter (client, died_at, dead_letter_no) WHERE client IS NOT NULL;
