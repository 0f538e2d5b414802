-- Since when nothing is dispatched; NULL while the gate is open.
ALTER TABLE gate ADD COLUMN paused_at INTEGER;

-- Ids never sent, kept as they come and go: nobody has to count the backlog.
CREATE TABLE waiting_total (
  rank           INTEGER PRIMARY KEY,
  ids            INTEGER NOT NULL
);
INSERT INTO waiting_total (rank, ids)
SELECT column1, coalesce((SELECT sum(total - taken) FROM ingestion WHERE rank = column1 AND taken < total), 0)
FROM (VALUES (0), (1), (2));

CREATE TRIGGER ingestion_waits AFTER INSERT ON ingestion BEGIN
  UPDATE waiting_total SET ids = ids + NEW.total - NEW.taken WHERE rank = NEW.rank;
END;
CREATE TRIGGER ingestion_is_taken AFTER UPDATE OF taken ON ingestion BEGIN
  UPDATE waiting_total SET ids = ids + OLD.taken - NEW.taken WHERE rank = NEW.rank;
END;
