-- The labels of a list as JSON, sorted by name; NULL for none.
ALTER TABLE ingestion ADD COLUMN labels TEXT;
ALTER TABLE webhook_delivery ADD COLUMN labels TEXT;

-- One row for each label of a list, so that lists are found by label, the newest first. `label` is name=value.
CREATE TABLE label (
  label          TEXT    NOT NULL,
  created_at     INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  client         TEXT,
  PRIMARY KEY (label, created_at, seq)
) WITHOUT ROWID;
CREATE INDEX label_of_client ON label (client, label, created_at, seq) WHERE client IS NOT NULL;
CREATE INDEX label_of_ingestion ON label (seq);

DROP TRIGGER ingestion_has_ended;
CREATE TRIGGER ingestion_has_ended AFTER UPDATE OF finished_at ON ingestion
WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
BEGIN
  INSERT INTO webhook_delivery (delivery_id, ingestion_id, client, url, rank, total, completed, failed, ended_at, labels)
  SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' ||
               substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
         NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at, NEW.labels
  FROM callback WHERE seq = NEW.seq;
END;
