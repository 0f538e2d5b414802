import { countIds } from '../../../domain/packed-ids.js';
import { REJECT_NEW, type NewIngestion } from '../../../domain/ingestion.js';
import type { GivenTime } from '../../../domain/given-time.js';
import { toLabelsJson } from '../../../domain/labels.js';
import { SCHEDULED_RANK_OFFSET, toRank } from '../../../domain/priority.js';
import { chunkKey, IDS_PER_CHUNK } from '../queue/id-chunks.js';
import { ACCEPTING_STRIPE, addToClientCounters, pendingOfClient } from '../queue/client-pending-counter.js';
import { statement, type BoundStatement } from '../database/statement.js';
import { addToCounters, OWN_STRIPE } from '../queue/pending-counters.js';
import { toBuffer } from './idempotency-keys.js';

const OFFSET = String(SCHEDULED_RANK_OFFSET);
/** SQL for the store time at which an item expires; NULL if it does not. */
const EXPIRES = 'coalesce(expires_at, now + expires_in)';

/** The result of one item of a group; rows are in the order of the group. */
export interface AcceptedRow {
  readonly is_accepted: boolean;
  /** The ingestion that holds the item's key. */
  readonly holder: string | null;
  readonly content: Uint8Array | null;
  /** Number of pending ids of the client; null if no limit was checked. */
  readonly waiting: number | null;
}

/**
 * Inserts the items of a group whose key they claimed, in one statement whatever the size of the group. $1 the packed
 * ids of all items, concatenated; per item: $2 ingestion id, $3 rank, $4 number of ids, $5 number of ids before it in
 * $1, $6 key (null for none), $7 lane, $8 staging number (null for none), $9 client, $10 units, $11 (only with limits)
 * maximum number of pending ids of its client. What only some lists have follows: labels, and the time before which they are not in
 * the queue, as wall time or in ms from now. A staging that was abandoned meanwhile or lost ids has no total; the table
 * rejects that as NULL.
 */
export function acceptGroup(
  schema: string,
  items: readonly NewIngestion[],
  laneNos: ReadonlyMap<string, number>,
): BoundStatement {
  const perChunk = String(IDS_PER_CHUNK);
  const isCapped = isAnyLimited(items);
  const hasLabels = items.some(({ labels }) => toLabelsJson(labels) !== null);
  const isScheduled = items.some(({ notBefore }) => notBefore !== undefined);
  const isExpiring = items.some(({ expiresAt }) => expiresAt !== undefined);
  const extras = [
    ...(isCapped
      ? [{ column: 'cap', type: 'bigint', values: items.map(({ pendingLimit = null }) => pendingLimit) }]
      : []),
    ...(hasLabels
      ? [{ column: 'labels', type: 'text', values: items.map(({ labels }) => toLabelsJson(labels)) }]
      : []),
    ...(isScheduled
      ? timeColumns(
          'due',
          items.map(({ notBefore }) => notBefore),
        )
      : []),
    ...(isExpiring
      ? timeColumns(
          'expires',
          items.map(({ expiresAt }) => expiresAt),
        )
      : []),
  ];
  const extraColumns = extras.map(({ column }) => `, ${column}`).join('');
  const keptColumns = extraColumns.replace(', cap', '');
  const labelsColumn = hasLabels ? ', labels' : '';
  const hasClients = items.some(({ client }) => client !== null);
  return {
    statement: statement(`
      WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
      ${isCapped ? 'asked' : 'item'} AS MATERIALIZED (
        SELECT item.*, known.holder, known.content, key IS NULL OR holder = ingestion_id AS is_accepted
        FROM unnest($2::uuid[], $3::smallint[], $4::int[], $5::int[], $6::bytea[], $7::int[], $8::bigint[], $9::text[], $10::int[]${extras.map(({ type }, i) => `, $${String(11 + i)}::${type}[]`).join('')})
          WITH ORDINALITY AS item
            (ingestion_id, rank, ids, ids_before, key, lane_no, staging_no, client, units${extraColumns}, item_no)
        LEFT JOIN LATERAL (
          SELECT ingestion_id AS holder, content FROM ${schema}.idempotency WHERE idempotency.key = item.key LIMIT 1
        ) AS known ON true
      ),
      ${isCapped ? rejectOverLimit(schema, keptColumns) : ''}
      unstaged AS (
        DELETE FROM ${schema}.staging WHERE staging_no = ANY (ARRAY(SELECT staging_no FROM item WHERE is_accepted))
        RETURNING staging_no, ids
      ),
      fresh AS MATERIALIZED (
        SELECT nextval(${literal(`${schema}.ingestion_seq`)}) AS seq, accepted.*,
               CASE WHEN staging_no IS NULL THEN ids
                    ELSE (SELECT unstaged.ids FROM unstaged
                          WHERE unstaged.staging_no = accepted.staging_no AND unstaged.ids = accepted.ids) END AS total
        FROM (${isScheduled ? selectPlaced(`${labelsColumn}${isExpiring ? ', expires_at, expires_in' : ''}`) : 'SELECT * FROM item WHERE is_accepted ORDER BY item_no'}) AS accepted
      ),
      kept AS (
        INSERT INTO ${schema}.ingestion
          (seq, ingestion_id, lane_no, rank, client, total, accepted_time, created_at, updated_at, chunks_of, units${labelsColumn}${isScheduled ? ', not_before' : ''}${isExpiring ? ', expires_at' : ''})
        SELECT seq, ingestion_id, lane_no, rank, client, total, now, round(now), round(now), -staging_no, units${labelsColumn}${isScheduled ? ', round(due)' : ''}${isExpiring ? `, round(${EXPIRES})` : ''}
        FROM fresh, clock
      ),
      queued AS (
        INSERT INTO ${schema}.waiting (lane_no, rank, seq, client) SELECT lane_no, rank, seq, client FROM fresh${isScheduled ? ` WHERE rank < ${OFFSET}` : ''}
      ),
      ${isScheduled ? `scheduled AS (${insertSchedule(schema)}),` : ''}
      ${isExpiring ? `expiring AS (${insertExpiry(schema)}),` : ''}
      came AS MATERIALIZED (SELECT lane_no, rank, seq, total AS ids FROM fresh),
      counted AS (${addToCounters(schema, 'came', OWN_STRIPE)}),
      ${hasClients ? `of_clients AS (${addToClientCounters(schema, '(SELECT client, total AS ids FROM fresh)', ACCEPTING_STRIPE)}),` : ''}
      ${hasLabels ? `labelled AS (${insertLabels(schema)}),` : ''}
      chunks AS (
        INSERT INTO ${schema}.chunk (chunk_key, packed_ids)
        SELECT ${chunkKey('seq', 'number')},
               substr($1::bytea, (ids_before + number * ${perChunk}) * 8 + 1,
                      least(${perChunk}, total - number * ${perChunk}) * 8)
        FROM fresh CROSS JOIN LATERAL generate_series(0, (total - 1) / ${perChunk}) AS number
        WHERE staging_no IS NULL
      )
      SELECT is_accepted, holder, content, ${isCapped ? 'waiting' : 'NULL'} AS waiting FROM item ORDER BY item_no
    `),
    values: [
      Buffer.concat(items.map(({ packedIds }) => packedIds)),
      items.map(({ ingestionId }) => ingestionId),
      items.map(({ priority }) => toRank(priority)),
      items.map(({ packedIds, staged }) => staged?.ids ?? countIds(packedIds)),
      toOffsets(items),
      items.map(({ idempotency }) => (idempotency === undefined ? null : toBuffer(idempotency.key))),
      items.map(({ lane }) => laneNos.get(lane)),
      items.map(({ staged }) => staged?.stagingNo ?? null),
      items.map(({ client }) => client),
      items.map(({ units = 1 }) => units),
      ...extras.map(({ values }) => values),
    ],
  };
}

/** The columns of times that clients gave: wall times, and times from now. */
function timeColumns(
  name: string,
  times: readonly (GivenTime | undefined)[],
): { column: string; type: string; values: unknown[] }[] {
  const atMs = (time: GivenTime | undefined): number | null =>
    time !== undefined && 'atMs' in time ? time.atMs : null;
  const inMs = (time: GivenTime | undefined): number | null =>
    time !== undefined && 'inMs' in time ? time.inMs : null;
  return [
    { column: `${name}_at`, type: 'float8', values: times.map(atMs) },
    { column: `${name}_in`, type: 'float8', values: times.map(inMs) },
  ];
}

/** SQL for the accepted items in order, with the time at which they are due and the rank of those that are not due yet. */
function selectPlaced(otherColumns: string): string {
  return `
          SELECT ingestion_id, ids, ids_before, lane_no, staging_no, client, units, item_no${otherColumns}, due,
                 (CASE WHEN due > now THEN rank + ${OFFSET} ELSE rank END)::smallint AS rank
          FROM (
            SELECT item.*, now, coalesce(due_at, now + due_in) AS due FROM item CROSS JOIN clock WHERE is_accepted
          ) AS timed ORDER BY item_no`;
}

/** SQL that inserts the lists that are not due yet into the schedule. */
function insertSchedule(schema: string): string {
  return `
        INSERT INTO ${schema}.schedule (lane_no, rank, due_time, seq)
        SELECT lane_no, rank, due, seq FROM fresh WHERE rank >= ${OFFSET}`;
}

/** SQL that inserts the times at which lists expire. */
function insertExpiry(schema: string): string {
  return `
        INSERT INTO ${schema}.expiry (lane_no, expires_time, ingestion_id)
        SELECT lane_no, ${EXPIRES}, ingestion_id FROM fresh, clock WHERE ${EXPIRES} IS NOT NULL`;
}

/** SQL that inserts a row for each label of the accepted ingestions. */
function insertLabels(schema: string): string {
  return `
        INSERT INTO ${schema}.label (label, created_at, seq, client)
        SELECT name || '=' || value, round(now), seq, client
        FROM fresh CROSS JOIN clock CROSS JOIN LATERAL json_each_text(labels::json) AS given (name, value)
        WHERE labels IS NOT NULL`;
}

export function isAnyLimited(items: readonly NewIngestion[]): boolean {
  return items.some(({ pendingLimit }) => pendingLimit !== undefined);
}

/**
 * SQL for `item`, computed from `asked`. In the order of the group, each item is accepted only if it fits in addition
 * to all pending ids of its client, whose row is locked. Items that do not fit lose their keys again.
 */
function rejectOverLimit(schema: string, keptColumns: string): string {
  return `
      standing AS MATERIALIZED (
        SELECT coalesce(client, '') AS name, ${pendingOfClient(schema, 'of_group.client')} AS waiting
        FROM (SELECT DISTINCT client FROM asked WHERE is_accepted) AS of_group
      ),
      sized AS MATERIALIZED (
        SELECT item_no, key, cap, name, waiting,
               CASE WHEN staging_no IS NULL THEN asked.ids ELSE staging.ids END::bigint AS size
        FROM asked JOIN standing ON name = coalesce(client, '') LEFT JOIN ${schema}.staging USING (staging_no)
        WHERE is_accepted
      ),
      judged AS MATERIALIZED (
        SELECT *, coalesce(lag(taken) OVER (PARTITION BY name ORDER BY item_no), 0) AS taken_before
        FROM (
          SELECT *, ${schema}.within_room(size, cap - waiting) OVER (PARTITION BY name ORDER BY item_no) AS taken
          FROM sized
        ) AS running
      ),
      refused AS MATERIALIZED (
        SELECT item_no, key, waiting + taken AS waiting FROM judged
        WHERE (size IS NOT NULL AND cap IS NOT NULL OR cap = ${String(REJECT_NEW)}) AND taken = taken_before
      ),
      without_key AS (
        DELETE FROM ${schema}.idempotency WHERE key = ANY (ARRAY(SELECT key FROM refused))
      ),
      item AS MATERIALIZED (
        SELECT ingestion_id, rank, ids, ids_before, lane_no, staging_no, client, units${keptColumns}, item_no, holder, content,
               is_accepted AND waiting IS NULL AS is_accepted, waiting
        FROM asked LEFT JOIN (SELECT item_no, waiting FROM refused) AS refused USING (item_no)
      ),`;
}

/** Writes `text` as an SQL literal. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function toOffsets(items: readonly NewIngestion[]): number[] {
  let idsBefore = 0;
  return items.map(({ packedIds }) => {
    const offset = idsBefore;
    idsBefore += countIds(packedIds);
    return offset;
  });
}
