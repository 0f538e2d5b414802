-- Times named *_at are wall time in ms since the epoch, for people.
-- Times named *_time are store time in ms (see steady-time.ts), for durations.

-- The gate itself: one row.
CREATE TABLE gate (
  gate_no        INTEGER PRIMARY KEY CHECK (gate_no = 1),
  slot_taken_time REAL NOT NULL DEFAULT 0,   -- when the last dispatch was claimed
  -- The last moment kept, on each clock: from here store time goes on after a restart.
  kept_time      REAL,
  kept_at        INTEGER,
  kept_monotonic REAL
);
INSERT INTO gate (gate_no) VALUES (1);

-- The small row of an ingestion. `taken` is the cursor: ids before it have been claimed at least once.
CREATE TABLE ingestion (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order of acceptance; a removed one's is never used again
  ingestion_id   BLOB    NOT NULL UNIQUE,
  rank           INTEGER NOT NULL,      -- 0 HIGH, 1 MEDIUM, 2 LOW
  total          INTEGER NOT NULL,
  taken          INTEGER NOT NULL DEFAULT 0,
  batches        INTEGER NOT NULL DEFAULT 0,   -- batches begun
  completed      INTEGER NOT NULL DEFAULT 0,
  failed         INTEGER NOT NULL DEFAULT 0,
  accepted_time  REAL    NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  finished_at    INTEGER
);
-- Its entries are ordered by (rank, seq), the rowid being the last column of every index.
CREATE INDEX ingestion_waiting ON ingestion (rank) WHERE taken < total;
CREATE INDEX ingestion_finished ON ingestion (finished_at) WHERE finished_at IS NOT NULL;

-- Packed ids. chunk_key is (seq << 20 | number of the chunk): no second index, and 500 ids fill one page.
CREATE TABLE chunk (
  chunk_key      INTEGER PRIMARY KEY,
  packed_ids     BLOB NOT NULL
);

CREATE TABLE idempotency (
  idempotency_no INTEGER PRIMARY KEY,   -- rises with time, so that expired rows stand at the low end
  key            BLOB NOT NULL,         -- found through an index in memory: see key-index.ts
  content        BLOB NOT NULL,
  ingestion_id   BLOB NOT NULL,
  expires_time   REAL NOT NULL
);

-- A batch gets its row when it begins.
CREATE TABLE batch (
  seq            INTEGER NOT NULL,
  batch_no       INTEGER NOT NULL,      -- from 0
  first          INTEGER NOT NULL,      -- position of its first id in the ingestion, from 0
  size           INTEGER NOT NULL,
  completed      INTEGER NOT NULL DEFAULT 0,
  failed         INTEGER NOT NULL DEFAULT 0,
  error          TEXT,
  PRIMARY KEY (seq, batch_no)
) WITHOUT ROWID;

CREATE TABLE dispatch (
  dispatch_no    INTEGER PRIMARY KEY AUTOINCREMENT,   -- the fence: a removed one's is never used again
  dispatch_id    BLOB    NOT NULL,
  begun_at       INTEGER NOT NULL,
  lease_ends_time REAL   NOT NULL,
  ended_at       INTEGER,
  ending         TEXT                   -- 'settled', 'lapsed' or 'released'
);
CREATE INDEX dispatch_in_flight ON dispatch (lease_ends_time) WHERE ended_at IS NULL;

-- What a dispatch carries: runs of ids, each of one batch. Written once, never changed.
CREATE TABLE dispatch_part (
  dispatch_no    INTEGER NOT NULL,
  part_no        INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  batch_no       INTEGER NOT NULL,
  first          INTEGER NOT NULL,
  size           INTEGER NOT NULL,
  failures       INTEGER NOT NULL,      -- failed attempts of these ids before this dispatch
  PRIMARY KEY (dispatch_no, part_no)
) WITHOUT ROWID;

-- Ids that wait to be sent again, one row each.
CREATE TABLE retry (
  rank           INTEGER NOT NULL,
  due_time       REAL    NOT NULL,
  seq            INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  batch_no       INTEGER NOT NULL,
  failures       INTEGER NOT NULL,
  PRIMARY KEY (rank, due_time, seq, position)
) WITHOUT ROWID;

-- Every attempt that did not succeed. An attempt that did needs no row: the batch counts it.
CREATE TABLE failed_attempt (
  seq            INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  dispatch_no    INTEGER NOT NULL,
  attempted_at   INTEGER NOT NULL,
  kind           TEXT    NOT NULL,
  message        TEXT    NOT NULL,
  PRIMARY KEY (seq, position, dispatch_no)
) WITHOUT ROWID;

CREATE TABLE dead_letter (
  dead_letter_no INTEGER PRIMARY KEY AUTOINCREMENT,   -- rises with time, never used twice: pages hang on it
  seq            INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  batch_no       INTEGER NOT NULL,
  failures       INTEGER NOT NULL,
  kind           TEXT    NOT NULL,
  message        TEXT    NOT NULL,
  died_at        INTEGER NOT NULL
);
CREATE INDEX dead_letter_of_ingestion ON dead_letter (seq);
CREATE INDEX dead_letter_of_kind ON dead_letter (kind);

-- Ingestions that are being removed, step by step: their row is gone, what belonged to it goes behind it.
CREATE TABLE removal (
  seq            INTEGER PRIMARY KEY
);
