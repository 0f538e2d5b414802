-- Runs with the store's schema as its search_path.
-- Times named *_at are for people, in whole ms since the epoch; times named *_time are for durations, in ms with
-- their fractions. Both are read from store_now(): the server has one clock, replicas have many.

-- Store time. Not now(): that is the start of the transaction.
CREATE FUNCTION store_now() RETURNS float8
LANGUAGE sql VOLATILE
AS 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000';

-- The gate itself: one row. Whoever raises `turn` from the value it read has claimed the next dispatch.
CREATE TABLE gate (
  gate_no         int     PRIMARY KEY CHECK (gate_no = 1),
  turn            bigint  NOT NULL DEFAULT 0,
  slot_taken_time float8  NOT NULL DEFAULT 0   -- the call of the last dispatch begins at this time at the latest
) WITH (fillfactor = 10);
INSERT INTO gate (gate_no) VALUES (1);

-- The order of acceptance. An ingestion accepted after another one's answer has the higher number.
CREATE SEQUENCE ingestion_seq;

-- The small row of an ingestion. `taken` is the cursor: ids before it have been claimed at least once.
-- No index knows a column that a claim or an outcome changes, so that these updates stay within the page.
CREATE TABLE ingestion (
  seq            bigint   PRIMARY KEY,
  ingestion_id   uuid     NOT NULL UNIQUE,
  rank           smallint NOT NULL,            -- 0 HIGH, 1 MEDIUM, 2 LOW
  total          int      NOT NULL,
  taken          int      NOT NULL DEFAULT 0,
  batches        int      NOT NULL DEFAULT 0,  -- batches begun
  completed      int      NOT NULL DEFAULT 0,
  failed         int      NOT NULL DEFAULT 0,
  accepted_time  float8   NOT NULL,
  created_at     bigint   NOT NULL,
  updated_at     bigint   NOT NULL,
  finished_at    bigint
) WITH (fillfactor = 80);
CREATE INDEX ingestion_finished ON ingestion (finished_at) WHERE finished_at IS NOT NULL;

-- Ingestions with ids that were never claimed (taken < total), in the order in which they go.
CREATE TABLE waiting (
  rank           smallint NOT NULL,
  seq            bigint   NOT NULL,
  PRIMARY KEY (rank, seq)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Packed ids. chunk_key is (seq << 20 | number of the chunk). 500 ids are 4,000 bytes: two rows fill a page, and
-- PLAIN keeps them there, neither compressed nor moved out, so that a claim cuts its few ids out of one page.
CREATE TABLE chunk (
  chunk_key      bigint   PRIMARY KEY,
  packed_ids     bytea    NOT NULL
);
ALTER TABLE chunk ALTER COLUMN packed_ids SET STORAGE PLAIN;

CREATE TABLE idempotency (
  key            bytea    PRIMARY KEY,
  content        bytea    NOT NULL,
  ingestion_id   uuid     NOT NULL,
  expires_time   float8   NOT NULL
);
CREATE INDEX idempotency_expiring ON idempotency (expires_time);

-- A batch gets its row when it begins.
CREATE TABLE batch (
  seq            bigint   NOT NULL,
  batch_no       int      NOT NULL,            -- from 0
  first          int      NOT NULL,            -- position of its first id in the ingestion, from 0
  size           int      NOT NULL,
  completed      int      NOT NULL DEFAULT 0,
  failed         int      NOT NULL DEFAULT 0,
  error          text,
  PRIMARY KEY (seq, batch_no)
) WITH (fillfactor = 80);

CREATE TABLE dispatch (
  dispatch_no    bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dispatch_id    uuid     NOT NULL,
  begun_at       bigint   NOT NULL,
  lease_ends_time float8  NOT NULL,
  ended_at       bigint,
  ending         text                          -- 'settled', 'lapsed' or 'released'
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);
CREATE INDEX dispatch_in_flight ON dispatch (lease_ends_time) WHERE ended_at IS NULL;

-- What a dispatch carries: runs of ids, each of one batch. Written once, never changed.
CREATE TABLE dispatch_part (
  dispatch_no    bigint   NOT NULL,
  part_no        int      NOT NULL,
  seq            bigint   NOT NULL,
  batch_no       int      NOT NULL,
  first          int      NOT NULL,
  size           int      NOT NULL,
  failures       int      NOT NULL,            -- failed attempts of these ids before this dispatch
  PRIMARY KEY (dispatch_no, part_no)
);

-- Ids that wait to be sent again, one row each.
CREATE TABLE retry (
  rank           smallint NOT NULL,
  due_time       float8   NOT NULL,
  seq            bigint   NOT NULL,
  position       int      NOT NULL,
  batch_no       int      NOT NULL,
  failures       int      NOT NULL,
  PRIMARY KEY (rank, due_time, seq, position)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Every attempt that did not succeed. An attempt that did needs no row: the batch counts it.
CREATE TABLE failed_attempt (
  seq            bigint   NOT NULL,
  position       int      NOT NULL,
  dispatch_no    bigint   NOT NULL,
  attempted_at   bigint   NOT NULL,
  kind           text     NOT NULL,
  message        text     NOT NULL,
  PRIMARY KEY (seq, position, dispatch_no)
);

CREATE TABLE dead_letter (
  dead_letter_no bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- rises with time: pages hang on it
  seq            bigint   NOT NULL,
  position       int      NOT NULL,
  batch_no       int      NOT NULL,
  failures       int      NOT NULL,
  kind           text     NOT NULL,
  message        text     NOT NULL,
  died_at        bigint   NOT NULL
);
CREATE INDEX dead_letter_of_ingestion ON dead_letter (seq, dead_letter_no);
CREATE INDEX dead_letter_of_kind ON dead_letter (kind, dead_letter_no);

-- Ingestions that are being removed, step by step: their row is gone, what belonged to it goes behind it.
CREATE TABLE removal (
  seq            bigint   PRIMARY KEY
);
