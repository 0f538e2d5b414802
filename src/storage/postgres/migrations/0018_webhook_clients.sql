-- Whose a delivery is; '' where the ingestion belongs to no client. A client with many deliveries leaves room for the others.
ALTER TABLE webhook_delivery ADD COLUMN client text NOT NULL DEFAULT '';
UPDATE webhook_delivery SET client = ingestion.client FROM ingestion
WHERE ingestion.ingestion_id = webhook_delivery.ingestion_id AND ingestion.client IS NOT NULL AND state = 'pending';

CREATE INDEX webhook_delivery_of_client ON webhook_delivery (client, due_time) WHERE state = 'pending';
DROP INDEX webhook_delivery_to_host;
-- The expression is `HOST` of claim-deliveries.ts.
CREATE INDEX webhook_delivery_to_host
ON webhook_delivery (client, substr(url, 1, 8 + strpos(substr(url, 9), '/')), due_time) WHERE state = 'pending';

CREATE OR REPLACE FUNCTION announce_end() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO webhook_delivery (ingestion_id, client, url, rank, total, completed, failed, ended_at)
  SELECT NEW.ingestion_id, coalesce(NEW.client, ''), url, NEW.rank, NEW.total, NEW.completed, NEW.failed,
         NEW.finished_at
  FROM callback WHERE seq = NEW.seq;
  RETURN NULL;
END
$$;
