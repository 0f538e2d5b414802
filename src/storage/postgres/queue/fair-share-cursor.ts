import { PRIORITY_RANKS, toPriority, type PriorityRank } from '../../../domain/priority.js';
import type { Candidate } from '../../../scheduler/queue/queue.repository.js';
import { scheduledInMs } from './admit-scheduled.js';
import { expiresInMs } from './expire-lists.js';
import { toCandidate } from '../../shared/rows/candidate-row.js';
import { connectClient } from '../database/connect.js';
import { quoteIdentifier, type PostgresOptions } from '../database/postgres.options.js';
import type { RulesQuestion } from '../../../scheduler/rules/departure-log.store.js';
import { selectRules, toRulesReading } from './departures.js';
import { GATE_COLUMNS, toGateRow } from './gate-row.js';
import { plannedOnce, type Row, type Statement } from '../database/statement.js';
import { SERVER_STARTED, toServerStarted } from './claim-epoch.js';
import { KEPT_KEY, NO_KEPT_KEY, type HeadRows, type PendingRow } from './pending-ids.js';

const NAME = `coalesce(client, '')`;

/**
 * Creates the index, which only services with fair share need. Concurrent replicas create it one after the
 * other.
 */
export async function ensureFairShareIndex(options: PostgresOptions): Promise<void> {
  const schema = quoteIdentifier(options.schema);
  const client = await connectClient(options);
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${schema} turns`]);
    await client.query(
      `CREATE INDEX IF NOT EXISTS waiting_in_turn ON ${schema}.waiting (lane_no, rank, (${NAME}), seq)`,
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

export const servedColumn = (rank: PriorityRank): string => `served_${toPriority(rank).toLowerCase()}`;

/**
 * Does the same as `selectHeads` with fair share: for each rank it reads as many clients as a claim of `maxIds` can serve,
 * starting with the one that is next in turn, with one index seek per client, and the first `depth` ingestions of each.
 */
export function selectFairShare(
  schema: string,
  laneNo: number,
  maxIds: number,
  depth: number,
  rules: RulesQuestion | null,
): Statement {
  const most = String(Math.trunc(maxIds));
  const rings = PRIORITY_RANKS.map((rank) => toRing(schema, laneNo, rank, most)).join(',\n    ');
  const streams = PRIORITY_RANKS.flatMap((rank) => {
    const waits = `lane_no = ${String(laneNo)} AND rank = ${String(rank)}`;
    return [
      `(SELECT ${String(rank)} AS rank, true AS is_retry, 0 AS place, seq, position AS first, 1 AS size, batch_no, failures,
               due_time AS waiting_since, NULL AS client,
               (SELECT units FROM ${schema}.ingestion WHERE ingestion.seq = retry.seq) AS units, ${KEPT_KEY}
        FROM ${schema}.retry WHERE ${waits} AND due_time <= clock.now ORDER BY due_time, seq, position LIMIT ${most})`,
      `(SELECT ${String(rank)}, false, ring.place, head.*, ${NO_KEPT_KEY}
        FROM (SELECT name, place FROM after_${String(rank)}
              UNION ALL SELECT name, ${most} + place FROM upto_${String(rank)}) AS ring
        CROSS JOIN LATERAL (
          SELECT seq FROM ${schema}.waiting WHERE ${waits} AND ${NAME} = ring.name ORDER BY seq LIMIT ${String(depth)}
        ) AS own
        CROSS JOIN LATERAL (
          SELECT seq, taken, total - taken, batches, 0, accepted_time, client, units
          FROM ${schema}.ingestion WHERE ingestion.seq = own.seq LIMIT 1
        ) AS head)`,
    ];
  });
  return plannedOnce(`
    WITH RECURSIVE clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    gate AS MATERIALIZED (SELECT ctid, * FROM ${schema}.gate WHERE lane_no = ${String(laneNo)}),
    ${rings}
    SELECT ${GATE_COLUMNS}, clock.now, ${SERVER_STARTED} AS server_started,
      ${scheduledInMs(schema, String(laneNo))} AS scheduled_in, ${expiresInMs(schema, String(laneNo))} AS expires_in, ${rules === null ? '' : `${selectRules(schema, laneNo, rules)}, `}head.*
    FROM clock CROSS JOIN gate LEFT JOIN LATERAL (
      ${streams.join('\n      UNION ALL\n      ')}
    ) AS head ON true
    ORDER BY rank, is_retry DESC, CASE WHEN is_retry THEN waiting_since END, place, seq, first
  `);
}

/** SQL for the clients after the one served last, and for those up to it. */
function toRing(schema: string, laneNo: number, rank: PriorityRank, most: string): string {
  const waits = `lane_no = ${String(laneNo)} AND rank = ${String(rank)}`;
  const last = `(SELECT coalesce(${servedColumn(rank)}, '') FROM gate)`;
  const hop = (table: string, base: string, end: string): string => `
    ${table} AS (
      (SELECT ${NAME} AS name, 1 AS place FROM ${schema}.waiting WHERE ${waits} ${base} ORDER BY ${NAME} LIMIT 1)
      UNION ALL
      SELECT next.name, place + 1 FROM ${table} CROSS JOIN LATERAL (
        SELECT ${NAME} AS name FROM ${schema}.waiting WHERE ${waits} AND ${NAME} > ${table}.name
        ORDER BY ${NAME} LIMIT 1
      ) AS next
      WHERE place < ${most} ${end}
    )`;
  return [
    hop(`after_${String(rank)}`, `AND ${NAME} > ${last}`, ''),
    hop(`upto_${String(rank)}`, `AND ${NAME} <= ${last}`, `AND next.name <= ${last}`),
  ].join(',');
}

/** Returns the head of a queue with fair share, of which `depth` ingestions of each client were read. */
export function toFairShareHead(rows: readonly Row[], depth: number): HeadRows {
  const gate = toGateRow(rows);
  const pending = (rows as unknown as readonly (RoundRow | { readonly seq: null })[]).filter(
    (row): row is RoundRow => row.seq !== null,
  );
  let isTruncated = false;
  function* candidatesOf(own: readonly RoundRow[]): Generator<Candidate, undefined> {
    yield* own.map((row) => toCandidate(row, row.rank, row.is_retry));
    isTruncated ||= own.length === depth;
    return undefined;
  }
  const ofRank = (rank: PriorityRank, isRetry: boolean): RoundRow[] =>
    pending.filter((row) => row.rank === rank && row.is_retry === isRetry);
  return {
    gate,
    serverStarted: toServerStarted(rows),
    rules: toRulesReading(rows),
    pending: {
      nowMs: gate.now,
      streams: PRIORITY_RANKS.map((rank) => ofRank(rank, true).map((row) => toCandidate(row, rank, true))),
      clientStreams: PRIORITY_RANKS.map((rank) => {
        const clients = Map.groupBy(ofRank(rank, false), ({ place }) => place);
        return [...clients.values()].map(candidatesOf);
      }),
      isTruncated: () => isTruncated,
    },
  };
}

interface RoundRow extends PendingRow {
  readonly place: number;
}
