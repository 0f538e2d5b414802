-- Submission in a transaction of the caller with all fields that POST /ingest takes: SELECT ingest_list(ids, fields).

ALTER TABLE submission
  ADD COLUMN labels     text,                       -- as in ingestion
  ADD COLUMN units      int NOT NULL DEFAULT 1,
  ADD COLUMN due_at     float8,                     -- not_before: wall time in ms, or ms from the commit on
  ADD COLUMN due_in     float8,
  ADD COLUMN expires_at float8,                     -- likewise
  ADD COLUMN expires_in float8;

-- The most that one id may cost, by lane and priority: {"crm": [90, 90, 10]}; a lane without a limit is not in it.
ALTER TABLE intake_settings ADD COLUMN max_units jsonb NOT NULL DEFAULT '{}';

-- Part of a digest of idempotency, as the service computes it; empty for NULL.
CREATE FUNCTION digest_part(prefix text, value text) RETURNS bytea
LANGUAGE sql IMMUTABLE
AS $$
  SELECT coalesce('\xffffffffffffffff'::bytea || convert_to(prefix || value, 'UTF8') || '\x00'::bytea, '')
$$;

-- Labels as JSON, sorted by name, as the service writes them; NULL for none. Refuses what POST /ingest refuses.
CREATE FUNCTION labels_of(given jsonb) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
  wrong boolean;
  json  text;
BEGIN
  IF given IS NULL THEN
    RETURN NULL;
  ELSIF jsonb_typeof(given) <> 'object' OR EXISTS (SELECT FROM jsonb_each(given) WHERE jsonb_typeof(value) <> 'string') THEN
    RAISE EXCEPTION 'labels must be an object whose values are strings' USING ERRCODE = 'SL422';
  ELSIF (SELECT count(*) FROM jsonb_each(given)) > 8 THEN
    RAISE EXCEPTION 'labels must hold at most 8 labels' USING ERRCODE = 'SL400';
  END IF;
  SELECT bool_or(
           name COLLATE "C" !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' OR value = '' OR value ~ '[\u0001-\u001f\u007f-\u009f]'
           OR length(value) + length(regexp_replace(value, '[^\U00010000-\U0010ffff]', '', 'g')) > 128
         ),
         '{' || string_agg(to_json(name)::text || ':' || to_json(value)::text, ',' ORDER BY name COLLATE "C") || '}'
  INTO wrong, json FROM jsonb_each_text(given) AS label (name, value);
  IF wrong THEN
    RAISE EXCEPTION 'labels must have names of 1 to 63 letters, digits, "_", "." or "-" that begin with a letter, and values of 1 to 128 characters without control characters'
      USING ERRCODE = 'SL400';
  END IF;
  RETURN json;
END
$$;

-- A time as POST /ingest takes it: a text of RFC 3339, or seconds from now. One of the two results is NULL, or both are.
CREATE FUNCTION time_of(field text, given jsonb, OUT at_ms float8, OUT in_ms float8)
LANGUAGE plpgsql
AS $$
DECLARE
  rule CONSTANT text := 'must be a time as 2026-11-24T10:00:00Z, or a number of seconds from 0 to 315360000';
BEGIN
  IF given IS NULL THEN
    RETURN;
  ELSIF jsonb_typeof(given) NOT IN ('string', 'number') THEN
    RAISE EXCEPTION '% must be a string or a number', field USING ERRCODE = 'SL422';
  ELSIF jsonb_typeof(given) = 'number' THEN
    IF given::numeric NOT BETWEEN 0 AND 315360000 THEN
      RAISE EXCEPTION '% %', field, rule USING ERRCODE = 'SL400';
    END IF;
    in_ms := round(given::numeric * 1000);
    RETURN;
  ELSIF given #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$' THEN
    RAISE EXCEPTION '% %', field, rule USING ERRCODE = 'SL400';
  END IF;
  BEGIN
    -- Only milliseconds count: what follows them is cut off.
    at_ms := extract(epoch FROM regexp_replace(given #>> '{}', '(\.\d{3})\d+', '\1')::timestamptz) * 1000;
  EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
    RAISE EXCEPTION '% %', field, rule USING ERRCODE = 'SL400';
  END;
END
$$;

-- Reads a field that is a text; NULL if it is absent.
CREATE FUNCTION text_field(fields jsonb, field text) RETURNS text
LANGUAGE plpgsql
AS $$
BEGIN
  IF jsonb_typeof(fields -> field) <> 'string' THEN
    RAISE EXCEPTION '% must be a string', field USING ERRCODE = 'SL422';
  END IF;
  RETURN fields ->> field;
END
$$;

-- Refuses a cost that is not valid, or that a limit of the lane never lets go.
CREATE FUNCTION check_units(units jsonb, lane text, rank int, settings intake_settings) RETURNS int
LANGUAGE plpgsql
AS $$
DECLARE
  most bigint := settings.max_units -> lane ->> rank;
BEGIN
  IF units IS NULL THEN
    RETURN 1;
  ELSIF jsonb_typeof(units) <> 'number' OR units::numeric <> trunc(units::numeric) THEN
    RAISE EXCEPTION 'units must be an integer' USING ERRCODE = 'SL422';
  ELSIF units::numeric NOT BETWEEN 1 AND 1000000000 THEN
    RAISE EXCEPTION 'units must be from 1 to 1000000000' USING ERRCODE = 'SL400';
  ELSIF units::numeric > most THEN
    RAISE EXCEPTION 'units must be at most %: lane % never lets go more', most, lane USING ERRCODE = 'SL400';
  END IF;
  RETURN units::numeric::int;
END
$$;

-- Submits a list in the transaction of the caller. The fields are those of the body of POST /ingest, and idempotency_key and
-- client. An earlier list is returned if the idempotency key, or the content, was used within the window. It does not check
-- callback_url: the service does before it calls this function.
CREATE FUNCTION ingest_list(ids numeric[], fields jsonb, OUT ingestion_id uuid, OUT replayed boolean)
LANGUAGE plpgsql SECURITY DEFINER
AS $$
DECLARE
  ids_per_chunk CONSTANT int := 500;
  own_transaction CONSTANT bigint := txid_current();
  known_fields CONSTANT text[] := ARRAY[
    'priority', 'lane', 'idempotency_key', 'client', 'callback_url', 'labels', 'units', 'not_before', 'expires_at'
  ];
  settings        intake_settings;
  unknown_field   text;
  its_priority    text;
  its_lane        text;
  given_key       text;
  its_client      text;
  its_callback    text;
  its_labels      text;
  its_units       int;
  due             record;
  expires         record;
  its_rank        smallint;
  packed          bytea;
  its_content     bytea;
  its_key         bytea;
  known_content   bytea;
  owner           bigint;
BEGIN
  SELECT * INTO settings FROM intake_settings;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the settings are not known yet: start Sluice first' USING ERRCODE = 'SL503';
  ELSIF jsonb_typeof(fields) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'fields must be a JSON object' USING ERRCODE = 'SL422';
  END IF;
  SELECT min(name) INTO unknown_field FROM jsonb_object_keys(fields) AS key (name) WHERE name <> ALL (known_fields);
  IF unknown_field IS NOT NULL THEN
    RAISE EXCEPTION '% is not a known field', unknown_field USING ERRCODE = 'SL422';
  END IF;
  its_priority := coalesce(text_field(fields, 'priority'), 'MEDIUM');
  its_lane := coalesce(text_field(fields, 'lane'), 'default');
  given_key := text_field(fields, 'idempotency_key');
  its_client := text_field(fields, 'client');
  its_callback := text_field(fields, 'callback_url');
  PERFORM check_list(ids, its_priority, its_lane, given_key, its_client, settings);
  its_rank := array_position(ARRAY['HIGH', 'MEDIUM', 'LOW'], its_priority) - 1;
  its_labels := labels_of(fields -> 'labels');
  its_units := check_units(fields -> 'units', its_lane, its_rank, settings);
  SELECT * INTO due FROM time_of('not_before', fields -> 'not_before');
  SELECT * INTO expires FROM time_of('expires_at', fields -> 'expires_at');
  packed := pack_ids(ids);

  IF settings.idempotency_window_ms > 0 AND (given_key IS NOT NULL OR settings.idempotency_by_content) THEN
    its_content := short_digest(
      CASE WHEN its_lane = 'default' THEN ''::bytea ELSE convert_to('lane:' || its_lane, 'UTF8') || '\x00'::bytea END
      || set_byte('\x00'::bytea, 0, its_rank)
      || digest_part('', its_callback)
      || digest_part(chr(1) || 'labels:', its_labels)
      || digest_part('units:', nullif(its_units, 1)::text)
      || digest_part(chr(1) || 'not_before:', coalesce(
        '{"atMs":' || due.at_ms::bigint || '}', '{"inMs":' || due.in_ms::bigint || '}'
      ))
      || digest_part(chr(1) || 'expires_at:', coalesce(
        '{"atMs":' || expires.at_ms::bigint || '}', '{"inMs":' || expires.in_ms::bigint || '}'
      ))
      || packed
    );
    its_key := coalesce(short_digest(convert_to('key:' || given_key, 'UTF8')), its_content);
    IF its_client IS NOT NULL THEN
      its_key := short_digest(convert_to('client:' || its_client || chr(10), 'UTF8') || its_key);
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
      pending_ids_of(its_client) + (
        SELECT coalesce(sum(s.total), 0)::bigint FROM submission AS s
        WHERE s.transaction_id = own_transaction AND (its_client IS NULL OR s.client = its_client)
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
  INSERT INTO submission
    (transaction_id, ingestion_id, lane_no, rank, client, total, chunks_of, key, content, callback_url, labels, units,
     due_at, due_in, expires_at, expires_in)
  SELECT own_transaction, ingest_list.ingestion_id, gate.lane_no, its_rank, its_client, cardinality(ids), owner,
         its_key, its_content, its_callback, its_labels, its_units,
         due.at_ms, due.in_ms, expires.at_ms, expires.in_ms
  FROM gate WHERE gate.lane = its_lane;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'lane is not a known lane' USING ERRCODE = 'SL400';
  END IF;
END
$$;

-- Submits a list without these fields in the transaction of the caller.
CREATE OR REPLACE FUNCTION submit_list(
  ids numeric[], priority text, lane text, idempotency_key text, client text, callback_url text,
  OUT ingestion_id uuid, OUT replayed boolean
)
LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
  IF priority IS NULL OR lane IS NULL THEN
    RAISE EXCEPTION '% must not be NULL', CASE WHEN priority IS NULL THEN 'priority' ELSE 'lane' END
      USING ERRCODE = 'SL422';
  END IF;
  SELECT list.ingestion_id, list.replayed INTO submit_list.ingestion_id, submit_list.replayed
  FROM ingest_list(ids, jsonb_strip_nulls(jsonb_build_object(
    'priority', priority, 'lane', lane, 'idempotency_key', idempotency_key, 'client', client, 'callback_url', callback_url
  ))) AS list;
END
$$;

-- Queues the lists of a transaction at its commit, as before, with the fields above. The rank of a list that is not due yet is
-- that of its priority plus 3.
CREATE OR REPLACE FUNCTION queue_submissions() RETURNS trigger
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
  clock AS MATERIALIZED (SELECT store_now() AS now),
  timed AS (
    SELECT mine.*, now, coalesce(due_at, now + due_in) AS due, coalesce(expires_at, now + expires_in) AS expires
    FROM mine CROSS JOIN clock ORDER BY submission_no
  ),
  fresh AS MATERIALIZED (
    SELECT nextval('ingestion_seq') AS seq, ordered.*,
           (CASE WHEN due > now THEN rank + 3 ELSE rank END)::smallint AS its_rank
    FROM (SELECT * FROM timed ORDER BY submission_no) AS ordered
  ),
  kept AS (
    INSERT INTO ingestion
      (seq, ingestion_id, lane_no, rank, client, total, accepted_time, created_at, updated_at, chunks_of, units, labels,
       not_before, expires_at)
    SELECT seq, ingestion_id, lane_no, its_rank, client, total, now, round(now), round(now), chunks_of, units, labels,
           round(due), round(expires)
    FROM fresh
  ),
  queued AS (
    INSERT INTO waiting (lane_no, rank, seq, client) SELECT lane_no, rank, seq, client FROM fresh WHERE its_rank < 3
  ),
  scheduled AS (
    INSERT INTO schedule (lane_no, rank, due_time, seq) SELECT lane_no, its_rank, due, seq FROM fresh WHERE its_rank >= 3
  ),
  expiring AS (
    INSERT INTO expiry (lane_no, expires_time, ingestion_id)
    SELECT lane_no, expires, ingestion_id FROM fresh WHERE expires IS NOT NULL
  ),
  labelled AS (
    INSERT INTO label (label, created_at, seq, client)
    SELECT name || '=' || value, round(now), seq, client
    FROM fresh CROSS JOIN LATERAL json_each_text(labels::json) AS given (name, value)
    WHERE labels IS NOT NULL
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
  SELECT lane_no, its_rank, level, seq >> (7 * level) AS bucket, 9 + pg_backend_pid() % 56, sum(total)
  FROM fresh CROSS JOIN generate_series(1, 3) AS level
  GROUP BY lane_no, its_rank, level, bucket ORDER BY lane_no, its_rank, level, bucket
  ON CONFLICT (lane_no, rank, level, bucket, stripe) DO UPDATE SET ids = sums.ids + excluded.ids;

  PERFORM pg_notify(left('sluice:' || TG_TABLE_SCHEMA, 63), '');
  RETURN NULL;
END
$$;

DO $$
DECLARE
  secured text;
BEGIN
  FOREACH secured IN ARRAY ARRAY[
    'queue_submissions()', 'submit_list(numeric[], text, text, text, text, text)', 'ingest_list(numeric[], jsonb)'
  ] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', secured, current_schema());
  END LOOP;
  REVOKE EXECUTE ON FUNCTION ingest_list(numeric[], jsonb) FROM PUBLIC;
END
$$;
