-- Of each priority the client whose turn was the last, where clients take turns; '' is nobody in particular. The index that
-- turns need is there where they are on: see client-turns.ts.
ALTER TABLE gate ADD COLUMN served_high TEXT;
ALTER TABLE gate ADD COLUMN served_medium TEXT;
ALTER TABLE gate ADD COLUMN served_low TEXT;
