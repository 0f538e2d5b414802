-- Where a client wants to be told that his ingestion has ended.
CREATE TABLE callback (
  seq            bigint   PRIMARY KEY,
  url            text     NOT NULL
);

-- The outbox. A row is written in the transaction that ends an ingestion, whatever ended it.
CREATE TABLE webhook_delivery (
  delivery_no    bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- rises with time: order and pages hang on it
  delivery_id    uuid     NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  ingestion_id   uuid     NOT NULL,
  url            text     NOT NULL,
  rank           smallint NOT NULL,
  total          int      NOT NULL,
  completed      int      NOT NULL,
  failed         int      NOT NULL,
  ended_at       bigint   NOT NULL,
  state          text     NOT NULL DEFAULT 'pending',   -- 'pending', 'delivered' or 'failed'
  attempts       int      NOT NULL DEFAULT 0,
  claim_no       int      NOT NULL DEFAULT 0,           -- the fence
  queued_time    float8,                                -- NULL until the first look
  due_time       float8   NOT NULL DEFAULT 0,           -- while an attempt runs, the end of its lease
  attempted_at   bigint,
  http_status    int,
  error          text
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_time) WHERE state = 'pending';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE state <> 'pending';
CREATE INDEX webhook_delivery_of_ingestion ON webhook_delivery (ingestion_id, delivery_no);
CREATE INDEX webhook_delivery_in_state ON webhook_delivery (state, delivery_no);

CREATE FUNCTION announce_end() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO webhook_delivery (ingestion_id, url, rank, total, completed, failed, ended_at)
  SELECT NEW.ingestion_id, url, NEW.rank, NEW.total, NEW.completed, NEW.failed, NEW.finished_at
  FROM callback WHERE seq = NEW.seq;
  RETURN NULL;
END
$$;

CREATE TRIGGER ingestion_has_ended AFTER UPDATE OF finished_at ON ingestion
FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL)
EXECUTE FUNCTION announce_end();
