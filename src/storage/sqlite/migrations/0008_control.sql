-- Ids that were dropped: they were never sent, or waited to be sent again. NULL as long as nobody asked for it.
ALTER TABLE ingestion ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ingestion ADD COLUMN cancelled_at INTEGER;
ALTER TABLE batch ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;

DROP INDEX ingestion_waiting;
CREATE INDEX ingestion_waiting ON ingestion (lane_no, rank) WHERE taken < total AND cancelled_at IS NULL;
CREATE INDEX retry_of_ingestion ON retry (seq);

-- Ids that wait and were never sent, summed over ranges of seq: a bucket of level 1 is seq >> 7, of level 2 seq >> 14,
-- of level 3 seq >> 21. What stands before an ingestion is the sum of a few of them, wherever it stands.
DROP TRIGGER ingestion_waits;
DROP TRIGGER ingestion_is_taken;
DROP TABLE waiting_total;
CREATE TABLE waiting_sum (
  lane_no        INTEGER NOT NULL,
  rank           INTEGER NOT NULL,
  level          INTEGER NOT NULL,
  bucket         INTEGER NOT NULL,
  ids            INTEGER NOT NULL,
  PRIMARY KEY (lane_no, rank, level, bucket)
) WITHOUT ROWID;
INSERT INTO waiting_sum (lane_no, rank, level, bucket, ids)
SELECT lane_no, rank, level, seq >> (7 * level), sum(total - taken)
FROM ingestion CROSS JOIN (SELECT 1 AS level UNION ALL SELECT 2 UNION ALL SELECT 3)
WHERE taken < total GROUP BY 1, 2, 3, 4;

CREATE TRIGGER ingestion_waits AFTER INSERT ON ingestion BEGIN
  INSERT INTO waiting_sum (lane_no, rank, level, bucket, ids) VALUES
    (NEW.lane_no, NEW.rank, 1, NEW.seq >> 7, NEW.total - NEW.taken),
    (NEW.lane_no, NEW.rank, 2, NEW.seq >> 14, NEW.total - NEW.taken),
    (NEW.lane_no, NEW.rank, 3, NEW.seq >> 21, NEW.total - NEW.taken)
  ON CONFLICT DO UPDATE SET ids = ids + excluded.ids;
END;
CREATE TRIGGER ingestion_is_taken AFTER UPDATE OF taken ON ingestion BEGIN
  UPDATE waiting_sum SET ids = ids + OLD.taken - NEW.taken
  WHERE lane_no = NEW.lane_no AND rank = NEW.rank AND level = 1 AND bucket = NEW.seq >> 7;
  UPDATE waiting_sum SET ids = ids + OLD.taken - NEW.taken
  WHERE lane_no = NEW.lane_no AND rank = NEW.rank AND level = 2 AND bucket = NEW.seq >> 14;
  UPDATE waiting_sum SET ids = ids + OLD.taken - NEW.taken
  WHERE lane_no = NEW.lane_no AND rank = NEW.rank AND level = 3 AND bucket = NEW.seq >> 21;
END;
CREATE TRIGGER ingestion_leaves AFTER UPDATE OF rank, cancelled_at ON ingestion
WHEN OLD.taken < OLD.total AND OLD.cancelled_at IS NULL BEGIN
  UPDATE waiting_sum SET ids = ids - (OLD.total - OLD.taken)
  WHERE lane_no = OLD.lane_no AND rank = OLD.rank AND level = 1 AND bucket = OLD.seq >> 7;
  UPDATE waiting_sum SET ids = ids - (OLD.total - OLD.taken)
  WHERE lane_no = OLD.lane_no AND rank = OLD.rank AND level = 2 AND bucket = OLD.seq >> 14;
  UPDATE waiting_sum SET ids = ids - (OLD.total - OLD.taken)
  WHERE lane_no = OLD.lane_no AND rank = OLD.rank AND level = 3 AND bucket = OLD.seq >> 21;
END;
CREATE TRIGGER ingestion_comes AFTER UPDATE OF rank, cancelled_at ON ingestion
WHEN NEW.taken < NEW.total AND NEW.cancelled_at IS NULL BEGIN
  INSERT INTO waiting_sum (lane_no, rank, level, bucket, ids) VALUES
    (NEW.lane_no, NEW.rank, 1, NEW.seq >> 7, NEW.total - NEW.taken),
    (NEW.lane_no, NEW.rank, 2, NEW.seq >> 14, NEW.total - NEW.taken),
    (NEW.lane_no, NEW.rank, 3, NEW.seq >> 21, NEW.total - NEW.taken)
  ON CONFLICT DO UPDATE SET ids = ids + excluded.ids;
END;
CREATE TRIGGER waiting_sum_is_empty AFTER UPDATE OF ids ON waiting_sum WHEN NEW.ids = 0 BEGIN
  DELETE FROM waiting_sum
  WHERE lane_no = NEW.lane_no AND rank = NEW.rank AND level = NEW.level AND bucket = NEW.bucket;
END;
