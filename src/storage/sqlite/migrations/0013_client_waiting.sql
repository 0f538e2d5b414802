-- Ids of each client that wait and were never sent. What belongs to no client is not in it.
CREATE TABLE client_waiting (
  client         TEXT    PRIMARY KEY,
  ids            INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO client_waiting (client, ids)
SELECT client, sum(total - taken) FROM ingestion
WHERE client IS NOT NULL AND taken < total AND cancelled_at IS NULL GROUP BY client;

CREATE TRIGGER client_waits AFTER INSERT ON ingestion WHEN NEW.client IS NOT NULL BEGIN
  INSERT INTO client_waiting (client, ids) VALUES (NEW.client, NEW.total - NEW.taken)
  ON CONFLICT DO UPDATE SET ids = ids + excluded.ids;
END;
CREATE TRIGGER client_is_served AFTER UPDATE OF taken ON ingestion WHEN NEW.client IS NOT NULL BEGIN
  UPDATE client_waiting SET ids = ids + OLD.taken - NEW.taken WHERE client = NEW.client;
END;
CREATE TRIGGER client_cancels AFTER UPDATE OF cancelled_at ON ingestion
WHEN NEW.client IS NOT NULL AND NEW.cancelled_at IS NOT NULL AND OLD.cancelled_at IS NULL BEGIN
  UPDATE client_waiting SET ids = ids - (OLD.total - OLD.taken) WHERE client = NEW.client;
END;
CREATE TRIGGER client_waiting_is_empty AFTER UPDATE OF ids ON client_waiting WHEN NEW.ids = 0 BEGIN
  DELETE FROM client_waiting WHERE client = NEW.client;
END;

-- Whose list it is that is still arriving.
ALTER TABLE staging ADD COLUMN client TEXT;
