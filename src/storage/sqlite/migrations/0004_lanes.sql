-- A lane has a gate of its own: pace, order and pause. A store begins with one.
ALTER TABLE gate RENAME TO old_gate;
CREATE TABLE gate (
  lane_no        INTEGER PRIMARY KEY,
  lane           TEXT    NOT NULL UNIQUE,
  slot_taken_time REAL   NOT NULL DEFAULT 0,   -- when its last dispatch was claimed
  paused_at      INTEGER                -- since when nothing is dispatched; NULL while the gate is open
);
INSERT INTO gate (lane_no, lane, slot_taken_time, paused_at)
SELECT 1, 'default', slot_taken_time, paused_at FROM old_gate;

-- The last moment kept, on each clock: from here store time goes on after a restart. One row.
CREATE TABLE store_clock (
  clock_no       INTEGER PRIMARY KEY CHECK (clock_no = 1),
  kept_time      REAL,
  kept_at        INTEGER,
  kept_monotonic REAL
);
INSERT INTO store_clock (clock_no, kept_time, kept_at, kept_monotonic)
SELECT 1, kept_time, kept_at, kept_monotonic FROM old_gate;
DROP TABLE old_gate;

ALTER TABLE ingestion ADD COLUMN lane_no INTEGER NOT NULL DEFAULT 1;
DROP INDEX ingestion_waiting;
-- Its entries are ordered by (lane_no, rank, seq), the rowid being the last column of every index.
CREATE INDEX ingestion_waiting ON ingestion (lane_no, rank) WHERE taken < total;

ALTER TABLE dispatch ADD COLUMN lane_no INTEGER NOT NULL DEFAULT 1;

ALTER TABLE retry RENAME TO old_retry;
CREATE TABLE retry (
  lane_no        INTEGER NOT NULL,
  rank           INTEGER NOT NULL,
  due_time       REAL    NOT NULL,
  seq            INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  batch_no       INTEGER NOT NULL,
  failures       INTEGER NOT NULL,
  PRIMARY KEY (lane_no, rank, due_time, seq, position)
) WITHOUT ROWID;
INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures)
SELECT 1, rank, due_time, seq, position, batch_no, failures FROM old_retry;
DROP TABLE old_retry;

DROP TRIGGER ingestion_waits;
DROP TRIGGER ingestion_is_taken;
ALTER TABLE waiting_total RENAME TO old_waiting_total;
CREATE TABLE waiting_total (
  lane_no        INTEGER NOT NULL,
  rank           INTEGER NOT NULL,
  ids            INTEGER NOT NULL,
  PRIMARY KEY (lane_no, rank)
) WITHOUT ROWID;
INSERT INTO waiting_total (lane_no, rank, ids) SELECT 1, rank, ids FROM old_waiting_total;
DROP TABLE old_waiting_total;
CREATE TRIGGER ingestion_waits AFTER INSERT ON ingestion BEGIN
  INSERT INTO waiting_total (lane_no, rank, ids) VALUES (NEW.lane_no, NEW.rank, NEW.total - NEW.taken)
  ON CONFLICT DO UPDATE SET ids = ids + excluded.ids;
END;
CREATE TRIGGER ingestion_is_taken AFTER UPDATE OF taken ON ingestion BEGIN
  UPDATE waiting_total SET ids = ids + OLD.taken - NEW.taken WHERE lane_no = NEW.lane_no AND rank = NEW.rank;
END;
