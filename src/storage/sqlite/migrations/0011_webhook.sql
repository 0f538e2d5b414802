-- Where a client wants to be told that his ingestion has ended.
CREATE TABLE callback (
  seq            INTEGER PRIMARY KEY,
  url            TEXT    NOT NULL
);

-- The outbox. A row is written in the transaction that ends an ingestion, whatever ended it.
CREATE TABLE webhook_delivery (
  delivery_no    INTEGER PRIMARY KEY AUTOINCREMENT,   -- rises with time, never used twice: order and pages hang on it
  delivery_id    TEXT    NOT NULL UNIQUE,              -- a random UUID
  ingestion_id   BLOB    NOT NULL,
  url            TEXT    NOT NULL,
  rank           INTEGER NOT NULL,
  total          INTEGER NOT NULL,
  completed      INTEGER NOT NULL,
  failed         INTEGER NOT NULL,
  ended_at       INTEGER NOT NULL,
  state          TEXT    NOT NULL DEFAULT 'pending',   -- 'pending', 'delivered' or 'failed'
  attempts       INTEGER NOT NULL DEFAULT 0,
  claim_no       INTEGER NOT NULL DEFAULT 0,           -- the fence
  queued_time    REAL,                                 -- NULL until the first look
  due_time       REAL    NOT NULL DEFAULT 0,           -- while an attempt runs, the end of its lease
  attempted_at   INTEGER,
  http_status    INTEGER,
  error          TEXT
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_time) WHERE state = 'pending';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE state <> 'pending';
CREATE INDEX webhook_delivery_of_ingestion ON webhook_delivery (ingestion_id);
CREATE INDEX webhook_delivery_in_state ON webhook_delivery (state);

CREATE TRIGGER ingestion_has_ended AFTER UPDATE OF finished_at ON ingestion
WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL
BEGIN
  INSERT INTO webhook_delivery (delivery_id, ingestion_id, url, rank, total, completed, failed, ended_at)
  SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' ||
               substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
         NEW.ingestion_id, url, NEW.rank, NEW.total, NEW.completed, NEW.failed, NEW.finished_at
  FROM callback WHERE seq = NEW.seq;
END;
