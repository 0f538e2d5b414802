-- Submission in a transaction of the caller: SELECT ingest(ids, priority, lane, idempotency_key).
--
-- ingest() checks a list and stores its ids under a number of their own, as a streamed list does. A deferred trigger
-- queues the lists of the transaction at its commit. So an open transaction holds no lock that an acceptance or a claim
-- needs, and seq follows the order of the commits.

-- The settings of the replica that started last; one row.
CREATE TABLE intake_settings (
  settings_no            int     PRIMARY KEY CHECK (settings_no = 1),
  lanes                  text[]  NOT NULL,
  max_ids_per_request    int     NOT NULL,
  max_pending_ids        bigint,               -- NULL for no limit
  idempotency_window_ms  float8  NOT NULL,     -- 0 turns idempotency off
  idempotency_by_content boolean NOT NULL
);

-- Lists of transactions that have not ended: rows are deleted by the commit that inserts them.
CREATE TABLE submission (
  transaction_id bigint   NOT NULL,            -- txid_current()
  submission_no  bigint   GENERATED ALWAYS AS IDENTITY,
  ingestion_id   uuid     NOT NULL,
  lane_no        int      NOT NULL,
  rank           smallint NOT NULL,
  client         text,
  total          int      NOT NULL,
  chunks_of      bigint   NOT NULL,            -- the number under which the chunks stand
  key            bytea,                        -- NULL without idempotency
  content        bytea,
  callback_url   text,
  PRIMARY KEY (transaction_id, submission_no)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A UUID of version 7, as the service makes them.
CREATE FUNCTION new_ingestion_id() RETURNS uuid
LANGUAGE sql VOLATILE
AS $$
  SELECT encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid()) PLACING substring(int8send(floor(store_now())::bigint) FROM 3) FROM 1 FOR 6
  ), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The ids packed as the service packs them: 8 bytes each, unsigned, the highest byte first.
CREATE FUNCTION pack_ids(ids numeric[]) RETURNS bytea
LANGUAGE sql IMMUTABLE
AS $$
  SELECT string_agg(
    int8send((CASE WHEN id >= 9223372036854775808 THEN id - 18446744073709551616 ELSE id END)::bigint),
    ''::bytea ORDER BY place
  )
  FROM unnest(ids) WITH ORDINALITY AS item (id, place)
$$;

-- Half of a SHA-256, as the service computes digests of idempotency.
CREATE FUNCTION short_digest(bytes bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE
AS 'SELECT substring(sha256(bytes) FROM 1 FOR 16)';

-- The pending ids of a client; with NULL those of all clients.
CREATE FUNCTION pending_ids_of(of_client text) RETURNS bigint
LANGUAGE sql VOLATILE
AS $$
  SELECT coalesce(sum(ids), 0)::bigint FROM (
    SELECT ids FROM client_waiting WHERE client = of_client
    UNION ALL
    SELECT ids FROM waiting_sum
    WHERE of_client IS NULL AND lane_no = ANY (ARRAY(SELECT lane_no FROM gate)) AND rank = ANY ('{0,1,2}') AND level = 3
  ) AS sums
$$;

-- Refuses a list that exceeds the limit of pending ids. `pending` counts the ids of the client without this list.
CREATE FUNCTION refuse_over_limit(ids bigint, pending bigint, max_pending bigint) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
  IF ids > max_pending THEN
    RAISE EXCEPTION 'the list holds % ids, and no more than % of a client may wait', ids, max_pending
      USING ERRCODE = 'SL413';
  ELSIF pending + ids > max_pending THEN
    RAISE EXCEPTION '% ids of this client wait, at most % may: there is no room for % more', pending, max_pending, ids
      USING ERRCODE = 'SL429';
  END IF;
END
$$;

-- Refuses a list as POST /ingest does. The SQLSTATE is SL and the HTTP status; the first id is ids[1].
CREATE FUNCTION check_list(
  ids numeric[], priority text, lane text, idempotency_key text, client text, settings intake_settings
) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  max_id CONSTANT numeric := 10000000000000000007;
  wrong  bigint;
BEGIN
  IF cardinality(ids) > settings.max_ids_per_request THEN
    RAISE EXCEPTION 'ids holds % ids, at most % are allowed', cardinality(ids), settings.max_ids_per_request
      USING ERRCODE = 'SL413';
  ELSIF ids IS NULL THEN
    RAISE EXCEPTION 'ids must not be NULL' USING ERRCODE = 'SL422';
  ELSIF priority IS NULL THEN
    RAISE EXCEPTION 'priority must not be NULL' USING ERRCODE = 'SL422';
  ELSIF lane IS NULL THEN
    RAISE EXCEPTION 'lane must not be NULL' USING ERRCODE = 'SL422';
  END IF;
  SELECT min(place) INTO wrong FROM unnest(ids) WITH ORDINALITY AS item (id, place)
  WHERE id IS NULL OR id <> trunc(id);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'ids[%] must be an integer from 1 to %', wrong, max_id USING ERRCODE = 'SL422';
  END IF;
  SELECT min(place) INTO wrong FROM unnest(ids) WITH ORDINALITY AS item (id, place)
  WHERE id < 1 OR id > max_id;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'ids[%] must be an integer from 1 to %', wrong, max_id USING ERRCODE = 'SL400';
  ELSIF cardinality(ids) = 0 THEN
    RAISE EXCEPTION 'ids must hold at least one id' USING ERRCODE = 'SL400';
  ELSIF priority NOT IN ('HIGH', 'MEDIUM', 'LOW') THEN
    RAISE EXCEPTION 'priority must be one of HIGH, MEDIUM, LOW' USING ERRCODE = 'SL400';
  ELSIF lane <> ALL (settings.lanes) THEN
    RAISE EXCEPTION 'lane is not a known lane' USING ERRCODE = 'SL400';
  ELSIF idempotency_key COLLATE "C" !~ '^[\x20-\x7e]{1,255}$' THEN
    RAISE EXCEPTION 'idempotency_key must be 1 to 255 printable ASCII characters' USING ERRCODE = 'SL400';
  ELSIF client = '' OR position(chr(10) IN client) > 0 THEN
    RAISE EXCEPTION 'client must not be empty or contain a line feed' USING ERRCODE = 'SL400';
  END IF;
END
$$;

-- Submits a list in the transaction of the caller. An earlier list is returned if the idempotency key, or the content,
-- was used within the window. It does not check callback_url: the service does before it calls this function.
CREATE FUNCTION submit_list(
  ids numeric[], priority text, lane text, idempotency_key text, client text, callback_url text,
  OUT ingestion_id uuid, OUT replayed boolean
)
LANGUAGE plpgsql SECURITY DEFINER
AS $$
DECLARE
  ids_per_chunk CONSTANT int := 500;
  own_transaction CONSTANT bigint := txid_current();
  settings      intake_settings;
  its_rank      smallint;
  packed        bytea;
  its_content   bytea;
  its_key       bytea;
  known_content bytea;
  owner         bigint;
BEGIN
  SELECT * INTO settings FROM intake_settings;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the settings are not known yet: start Sluice first' USING ERRCODE = 'SL503';
  END IF;
  PERFORM check_list(ids, priority, lane, idempotency_key, client, settings);
  its_rank := array_position(ARRAY['HIGH', 'MEDIUM', 'LOW'], priority) - 1;
  packed := pack_ids(ids);

  IF settings.idempotency_window_ms > 0 AND (idempotency_key IS NOT NULL OR settings.idempotency_by_content) THEN
    its_content := short_digest(
      CASE WHEN lane = 'default' THEN ''::bytea ELSE convert_to('lane:' || lane, 'UTF8') || '\x00'::bytea END
      || set_byte('\x00'::bytea, 0, its_rank)
      || coalesce('\xffffffffffffffff'::bytea || convert_to(callback_url, 'UTF8') || '\x00'::bytea, '') || packed
    );
    its_key := coalesce(short_digest(convert_to('key:' || idempotency_key, 'UTF8')), its_content);
    IF client IS NOT NULL THEN
      its_key := short_digest(convert_to('client:' || client || chr(10), 'UTF8') || its_key);
    END IF;
    -- Of two transactions with the same key the second waits here; acceptances over HTTP do not take this lock.
    PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || ' key ' || encode(its_key, 'hex'), 0));
    SELECT known.ingestion_id, known.content INTO ingestion_id, known_content FROM (
      SELECT i.ingestion_id, i.content FROM idempotency AS i
      WHERE i.key = its_key AND i.expires_time > store_now()
      UNION ALL
      SELECT s.ingestion_id, s.content FROM submission AS s
      WHERE s.transaction_id = own_transaction AND s.key = its_key
    ) AS known LIMIT 1;
    IF FOUND THEN
      IF known_content <> its_content THEN
        RAISE EXCEPTION 'this idempotency_key was used with another list' USING ERRCODE = 'SL422';
      END IF;
      replayed := true;
      RETURN;
    END IF;
  END IF;

  IF settings.max_pending_ids IS NOT NULL THEN
    -- The commit checks the limit again, when no other acceptance of the client is under way.
    PERFORM refuse_over_limit(
      cardinality(ids),
      pending_ids_of(submit_list.client) + (
        SELECT coalesce(sum(s.total), 0)::bigint FROM submission AS s
        WHERE s.transaction_id = own_transaction AND (submit_list.client IS NULL OR s.client = submit_list.client)
      ),
      settings.max_pending_ids
    );
  END IF;

  ingestion_id := new_ingestion_id();
  replayed := false;
  owner := -(1 + floor(random() * 4398046511104))::bigint; -- random, as for streamed lists
  INSERT INTO chunk (chunk_key, packed_ids)
  SELECT owner << 20 | number, substring(packed FROM number * ids_per_chunk * 8 + 1 FOR ids_per_chunk * 8)
  FROM generate_series(0, (cardinality(ids) - 1) / ids_per_chunk) AS number;
  INSERT INTO submission (transaction_id, ingestion_id, lane_no, rank, client, total, chunks_of, key, content, callback_url)
  SELECT own_transaction, submit_list.ingestion_id, gate.lane_no, its_rank, submit_list.client, cardinality(ids),
         owner, its_key, its_content, submit_list.callback_url
  FROM gate WHERE gate.lane = submit_list.lane;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'lane is not a known lane' USING ERRCODE = 'SL400';
  END IF;
END
$$;

-- Submits a list in the transaction of the caller and returns its id.
CREATE FUNCTION ingest(
  ids numeric[], priority text DEFAULT 'MEDIUM', lane text DEFAULT 'default', idempotency_key text DEFAULT NULL,
  client text DEFAULT NULL
) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER
AS 'SELECT ingestion_id FROM submit_list(ids, priority, lane, idempotency_key, client, NULL)';

-- Queues the lists of a transaction at its commit, all at once, with the locks in the order of every acceptance:
-- idempotency keys, clients, counters. The stripes of the counters belong to such transactions alone, so that one with
-- an old snapshot (REPEATABLE READ) does not fail because others have changed them.
CREATE FUNCTION queue_submissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
AS $$
DECLARE
  own_transaction CONSTANT bigint := txid_current();
  settings  intake_settings;
  of_client record;
  claimed   bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM submission WHERE transaction_id = own_transaction AND submission_no = NEW.submission_no
  ) THEN
    RETURN NULL; -- queued with another list of the transaction
  END IF;
  SELECT * INTO settings FROM intake_settings;

  INSERT INTO idempotency AS known (key, content, ingestion_id, expires_time)
  SELECT key, content, ingestion_id, store_now() + settings.idempotency_window_ms
  FROM submission WHERE transaction_id = own_transaction AND key IS NOT NULL ORDER BY key
  ON CONFLICT (key) DO UPDATE
  SET content = excluded.content, ingestion_id = excluded.ingestion_id, expires_time = excluded.expires_time
  WHERE known.expires_time <= store_now();
  GET DIAGNOSTICS claimed = ROW_COUNT;
  IF claimed < (SELECT count(key) FROM submission WHERE transaction_id = own_transaction) THEN
    RAISE EXCEPTION 'another submission used the idempotency key meanwhile: repeat the transaction'
      USING ERRCODE = 'serialization_failure';
  END IF;

  IF settings.max_pending_ids IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(lock) FROM (
      SELECT DISTINCT hashtextextended(format('"%s" waiting %s', replace(TG_TABLE_SCHEMA, '"', '""'), client), 0) AS lock
      FROM submission WHERE transaction_id = own_transaction ORDER BY lock
    ) AS locks;
    FOR of_client IN
      SELECT client, sum(total)::bigint AS ids FROM submission WHERE transaction_id = own_transaction GROUP BY client
    LOOP
      PERFORM refuse_over_limit(of_client.ids, pending_ids_of(of_client.client), settings.max_pending_ids);
    END LOOP;
  END IF;

  WITH mine AS (
    DELETE FROM submission WHERE transaction_id = own_transaction RETURNING *
  ),
  fresh AS MATERIALIZED (
    SELECT nextval('ingestion_seq') AS seq, store_now() AS now, ordered.*
    FROM (SELECT * FROM mine ORDER BY submission_no) AS ordered
  ),
  kept AS (
    INSERT INTO ingestion
      (seq, ingestion_id, lane_no, rank, client, total, accepted_time, created_at, updated_at, chunks_of)
    SELECT seq, ingestion_id, lane_no, rank, client, total, now, round(now), round(now), chunks_of FROM fresh
  ),
  queued AS (
    INSERT INTO waiting (lane_no, rank, seq, client) SELECT lane_no, rank, seq, client FROM fresh
  ),
  callbacks AS (
    INSERT INTO callback (seq, url) SELECT seq, callback_url FROM fresh WHERE callback_url IS NOT NULL
  ),
  of_clients AS (
    INSERT INTO client_waiting AS sums (client, stripe, ids)
    SELECT client, -9 - pg_backend_pid() % 56, sum(total) FROM fresh WHERE client IS NOT NULL
    GROUP BY client ORDER BY client
    ON CONFLICT (client, stripe) DO UPDATE SET ids = sums.ids + excluded.ids
  )
  INSERT INTO waiting_sum AS sums (lane_no, rank, level, bucket, stripe, ids)
  SELECT lane_no, rank, level, seq >> (7 * level) AS bucket, 9 + pg_backend_pid() % 56, sum(total)
  FROM fresh CROSS JOIN generate_series(1, 3) AS level
  GROUP BY lane_no, rank, level, bucket ORDER BY lane_no, rank, level, bucket
  ON CONFLICT (lane_no, rank, level, bucket, stripe) DO UPDATE SET ids = sums.ids + excluded.ids;

  PERFORM pg_notify(left('sluice:' || TG_TABLE_SCHEMA, 63), '');
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER queue_submissions AFTER INSERT ON submission
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION queue_submissions();

-- The functions act with the rights of their owner, so a caller needs no right on the tables, only on the functions.
DO $$
DECLARE
  secured text;
BEGIN
  FOREACH secured IN ARRAY ARRAY[
    'queue_submissions()', 'submit_list(numeric[], text, text, text, text, text)',
    'ingest(numeric[], text, text, text, text)'
  ] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', secured, current_schema());
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', secured);
  END LOOP;
END
$$;
