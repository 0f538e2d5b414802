-- Whose a delivery is; '' where the ingestion belongs to no client. A client with many deliveries leaves room for the others.
ALTER TABLE webhook_delivery ADD COLUMN client TEXT NOT NULL DEFAULT '';
UPDATE webhook_delivery SET client = coalesce(
  (SELECT client FROM ingestion WHERE ingestion.ingestion_id = webhook_delivery.ingestion_id), ''
) WHERE state = 'pending';

CREATE INDEX webhook_delivery_of_client ON webhook_delivery (client, due_time) WHERE state = 'pending';
DROP INDEX webhook_delivery_to_host;
-- The expression is `HOST` of due-deliveries.ts.
CREATE INDEX webhook_delivery_to_host
ON webhook_delivery (client, substr(url, 1, 8 + instr(substr(url, 9), '/')), due_time) WHERE state = 'pending';

DROP TRIGGER ingestion_has_ended;
CREATE TRIGGER ingestion_has_ended AFTER UPDATE OF finished_at ON ingestion
WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
BEGIN
  INSERT INTO webhook_delivery (delivery_id, ingestion_id, client, url, rank, total, completed, failed, ended_at)
  SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' ||
               substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
         NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at
  FROM callback WHERE seq = NEW.seq;
END;
