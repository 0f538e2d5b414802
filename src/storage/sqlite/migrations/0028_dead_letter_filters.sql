-- What dead letters are filtered by. `upstream_status` is the HTTP status of the last call; NULL if it had none.
ALTER TABLE dead_letter ADD COLUMN lane_no INTEGER NOT NULL DEFAULT 1;
ALTER TABLE dead_letter ADD COLUMN client TEXT;
ALTER TABLE dead_letter ADD COLUMN upstream_status INTEGER;
UPDATE dead_letter SET (lane_no, client) = (
  SELECT lane_no, client FROM ingestion WHERE ingestion.seq = dead_letter.seq
)
WHERE EXISTS (SELECT 1 FROM ingestion WHERE ingestion.seq = dead_letter.seq);

-- Each index ends with the time and, as every index does, with the number: pages hang on both.
DROP INDEX dead_letter_of_ingestion;
DROP INDEX dead_letter_of_kind;
CREATE INDEX dead_letter_of_time ON dead_letter (died_at);
CREATE INDEX dead_letter_of_ingestion ON dead_letter (seq, died_at);
CREATE INDEX dead_letter_of_kind ON dead_letter (kind, died_at);
CREATE INDEX dead_letter_of_lane ON dead_letter (lane_no, died_at);
CREATE INDEX dead_letter_of_message ON dead_letter (substr(message, 1, 80), died_at);
CREATE INDEX dead_letter_of_client ON dead_letter (client, died_at) WHERE client IS NOT NULL;
CREATE INDEX dead_letter_of_status ON dead_letter (upstream_status, died_at) WHERE upstream_status IS NOT NULL;

-- One row for each label of the list of a dead letter. `label` is name=value.
CREATE TABLE dead_letter_label (
  label          TEXT    NOT NULL,
  died_at        INTEGER NOT NULL,
  dead_letter_no INTEGER NOT NULL,
  PRIMARY KEY (label, died_at, dead_letter_no)
) WITHOUT ROWID;
CREATE INDEX dead_letter_label_no ON dead_letter_label (dead_letter_no);
INSERT INTO dead_letter_label (label, died_at, dead_letter_no)
SELECT label, died_at, dead_letter_no FROM dead_letter JOIN label USING (seq);
CREATE TRIGGER dead_letter_gets_labels AFTER INSERT ON dead_letter BEGIN
  INSERT INTO dead_letter_label (label, died_at, dead_letter_no)
  SELECT label, NEW.died_at, NEW.dead_letter_no FROM label WHERE seq = NEW.seq;
END;
CREATE TRIGGER dead_letter_loses_labels AFTER DELETE ON dead_letter BEGIN
  DELETE FROM dead_letter_label WHERE dead_letter_no = OLD.dead_letter_no;
END;

-- Dead letters that were discarded: the ids stay failed in their lists, and nothing sends them again.
CREATE TABLE discarded_id (
  seq            INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  kind           TEXT    NOT NULL,
  message        TEXT    NOT NULL,
  PRIMARY KEY (seq, position)
) WITHOUT ROWID;
