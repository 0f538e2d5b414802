-- What dead letters are filtered by. `upstream_status` is the HTTP status of the last call; NULL if it had none.
-- On a store of a release most of this is done ahead.
ALTER TABLE dead_letter ADD COLUMN IF NOT EXISTS lane_no int;
ALTER TABLE dead_letter ADD COLUMN IF NOT EXISTS client text;
ALTER TABLE dead_letter ADD COLUMN IF NOT EXISTS upstream_status int;
UPDATE dead_letter SET lane_no = ingestion.lane_no, client = ingestion.client
FROM ingestion WHERE ingestion.seq = dead_letter.seq AND dead_letter.lane_no IS NULL;

-- A replica of an earlier release does not give the lane.
CREATE FUNCTION add_lane_of_dead_letter() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  SELECT ingestion.lane_no, ingestion.client INTO NEW.lane_no, NEW.client FROM ingestion WHERE ingestion.seq = NEW.seq;
  RETURN NEW;
END
$$;
CREATE TRIGGER add_lane_of_dead_letter BEFORE INSERT ON dead_letter
FOR EACH ROW WHEN (NEW.lane_no IS NULL) EXECUTE FUNCTION add_lane_of_dead_letter();

-- Each index ends with the time and the number: pages hang on both.
DROP INDEX dead_letter_of_ingestion;
DROP INDEX dead_letter_of_kind;
ALTER INDEX IF EXISTS dead_letter_of_ingestion_ahead RENAME TO dead_letter_of_ingestion;
ALTER INDEX IF EXISTS dead_letter_of_kind_ahead RENAME TO dead_letter_of_kind;
CREATE INDEX IF NOT EXISTS dead_letter_of_time ON dead_letter (died_at, dead_letter_no);
-- An expression, so that no plan takes dead_letter_of_place instead and sorts.
CREATE INDEX IF NOT EXISTS dead_letter_of_ingestion ON dead_letter ((seq + 0), died_at, dead_letter_no);
CREATE INDEX IF NOT EXISTS dead_letter_of_kind ON dead_letter (kind, died_at, dead_letter_no);
CREATE INDEX IF NOT EXISTS dead_letter_of_lane ON dead_letter (lane_no, died_at, dead_letter_no);
CREATE INDEX IF NOT EXISTS dead_letter_of_message ON dead_letter (left(message, 80), died_at, dead_letter_no);
CREATE INDEX IF NOT EXISTS dead_letter_of_client ON dead_letter (client, died_at, dead_letter_no) WHERE client IS NOT NULL;
CREATE INDEX dead_letter_of_status ON dead_letter (upstream_status, died_at, dead_letter_no)
  WHERE upstream_status IS NOT NULL;

-- One row for each label of the list of a dead letter. `label` is name=value.
CREATE TABLE dead_letter_label (
  label          text COLLATE "C" NOT NULL,
  died_at        bigint NOT NULL,
  dead_letter_no bigint NOT NULL,
  PRIMARY KEY (label, died_at, dead_letter_no)
);
CREATE INDEX dead_letter_label_no ON dead_letter_label (dead_letter_no);
INSERT INTO dead_letter_label (label, died_at, dead_letter_no)
SELECT label, died_at, dead_letter_no FROM dead_letter JOIN label USING (seq);

CREATE FUNCTION add_dead_letter_labels() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO dead_letter_label (label, died_at, dead_letter_no)
  SELECT label, died_at, dead_letter_no FROM added JOIN label USING (seq);
  RETURN NULL;
END
$$;
CREATE TRIGGER add_dead_letter_labels AFTER INSERT ON dead_letter REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION add_dead_letter_labels();
CREATE FUNCTION delete_dead_letter_labels() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM dead_letter_label WHERE dead_letter_no IN (SELECT dead_letter_no FROM deleted);
  RETURN NULL;
END
$$;
CREATE TRIGGER delete_dead_letter_labels AFTER DELETE ON dead_letter REFERENCING OLD TABLE AS deleted
FOR EACH STATEMENT EXECUTE FUNCTION delete_dead_letter_labels();

-- Dead letters that were discarded: the ids stay failed in their lists, and nothing sends them again.
CREATE TABLE discarded_id (
  seq            bigint NOT NULL,
  position       int    NOT NULL,
  kind           text   NOT NULL,
  message        text   NOT NULL,
  PRIMARY KEY (seq, position)
);
