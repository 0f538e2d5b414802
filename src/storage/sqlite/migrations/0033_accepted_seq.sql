-- A list that falls due gets a new seq. Here is the one it was accepted with, which orders listings, so that no page leaves it
-- out or shows it twice; NULL if it never got another one.
ALTER TABLE ingestion ADD COLUMN accepted_seq INTEGER;
ALTER TABLE label ADD COLUMN accepted_seq INTEGER;   -- as in ingestion; PostgreSQL reads it
