-- The labels of a list as JSON, sorted by name; NULL for none.
ALTER TABLE ingestion ADD COLUMN labels text;
ALTER TABLE webhook_delivery ADD COLUMN labels text;

-- One row for each label of a list, so that lists are found by label, the newest first. `label` is name=value.
CREATE TABLE label (
  label          text COLLATE "C" NOT NULL,
  created_at     bigint NOT NULL,
  seq            bigint NOT NULL,
  client         text,
  PRIMARY KEY (label, created_at, seq)
);
CREATE INDEX label_of_client ON label (client, label, created_at, seq) WHERE client IS NOT NULL;
CREATE INDEX label_of_ingestion ON label (seq);

CREATE OR REPLACE FUNCTION announce_end() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO webhook_delivery (ingestion_id, client, url, rank, total, completed, failed, ended_at, labels)
  SELECT NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at, NEW.labels
  FROM callback WHERE seq = NEW.seq;
  RETURN NULL;
END
$$;
