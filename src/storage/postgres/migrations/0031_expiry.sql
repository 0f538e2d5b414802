-- Lists that expire: what was not sent by then is cancelled.
ALTER TABLE ingestion ADD COLUMN expires_at bigint;    -- wall time in ms; NULL if the client gave none
ALTER TABLE ingestion ADD COLUMN cancel_reason text;   -- 'expired', or NULL
ALTER TABLE webhook_delivery ADD COLUMN cancel_reason text;

CREATE TABLE expiry (
  lane_no        int    NOT NULL,
  expires_time   float8 NOT NULL,       -- store time
  ingestion_id   uuid   NOT NULL,       -- not seq: a scheduled list gets another one
  PRIMARY KEY (lane_no, expires_time, ingestion_id)
);

CREATE OR REPLACE FUNCTION announce_end() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO webhook_delivery
    (ingestion_id, client, url, rank, total, completed, failed, ended_at, labels, cancel_reason)
  SELECT NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at, NEW.labels, NEW.cancel_reason
  FROM callback WHERE seq = NEW.seq;
  RETURN NULL;
END
$$;
