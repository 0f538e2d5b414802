-- Lists that expire: what was not sent by then is cancelled.
ALTER TABLE ingestion ADD COLUMN expires_at INTEGER;   -- wall time in ms; NULL if the client gave none
ALTER TABLE ingestion ADD COLUMN cancel_reason TEXT;   -- 'expired', or NULL
ALTER TABLE webhook_delivery ADD COLUMN cancel_reason TEXT;

CREATE TABLE expiry (
  lane_no        INTEGER NOT NULL,
  expires_time   REAL    NOT NULL,      -- store time
  ingestion_id   BLOB    NOT NULL,      -- not seq: a scheduled list gets another one
  PRIMARY KEY (lane_no, expires_time, ingestion_id)
) WITHOUT ROWID;

DROP TRIGGER ingestion_has_ended;
CREATE TRIGGER ingestion_has_ended AFTER UPDATE OF finished_at ON ingestion
WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
BEGIN
  INSERT INTO webhook_delivery
    (delivery_id, ingestion_id, client, url, rank, total, completed, failed, ended_at, labels, cancel_reason)
  SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' ||
               substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
         NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at, NEW.labels, NEW.cancel_reason
  FROM callback WHERE seq = NEW.seq;
END;
