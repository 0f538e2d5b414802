import { PRIORITY_RANKS, type PriorityRank } from '../../../domain/priority.js';
import type { Candidate, PendingStreams } from '../../../scheduler/queue/queue.repository.js';
import { toCandidate, type CandidateRow } from '../../shared/rows/candidate-row.js';
import type { RulesQuestion, RulesReading } from '../../../scheduler/rules/departure-log.store.js';
import { selectRules, toRulesReading } from './departures.js';
import { scheduledInMs } from './admit-scheduled.js';
import { expiresInMs } from './expire-lists.js';
import { GATE_COLUMNS, toGateRow, type GateRow } from './gate-row.js';
import { plannedOnce, type Row, type Statement } from '../database/statement.js';
import { SERVER_STARTED, toServerStarted } from './claim-epoch.js';

/** The columns of a kept key, for retries and for new ids. */
export const KEPT_KEY = 'kept_dispatch_id, kept_place, kept_size';
export const NO_KEPT_KEY = 'NULL::uuid, NULL::int, NULL::int';

/** A candidate with its stream. */
export interface PendingRow extends CandidateRow {
  readonly rank: PriorityRank;
  readonly is_retry: boolean;
}

/** The lane's row and the head of its queue, read at the same moment. */
export interface HeadRows {
  readonly gate: GateRow;
  /** The server that was read, see `SERVER_STARTED`. */
  readonly serverStarted: number | null;
  readonly pending: PendingStreams;
  /** The answer to the question of the lane's rules; null if none was asked. */
  readonly rules: RulesReading | null;
}

/**
 * Selects the rows of the lanes $1 and, from each stream of them, as many rows as a claim of `maxIds` can take. The limit is
 * part of the text: the statement is planned once, and PostgreSQL knows how few rows are needed. A LIMIT that is a
 * parameter counts as a tenth of the table, and the plan for that reads the whole table. With 1,000,000 pending
 * ingestions: see docs/performance.md.
 * With `isVersionKnown`, $2 are the versions of the gate's rows, and no row is returned for one that has changed since. The
 * index would pass all dead versions, which PostgreSQL keeps while a snapshot is held open.
 * With `rules`, $1 is the single lane that they are for.
 */
export function selectHeads(
  schema: string,
  maxIds: number,
  {
    isVersionKnown = false,
    rules = null,
  }: {
    readonly isVersionKnown?: boolean;
    readonly rules?: { readonly laneNo: number; readonly question: RulesQuestion } | null;
  } = {},
): Statement {
  const limit = `LIMIT ${String(Math.trunc(maxIds))}`;
  const streams = PRIORITY_RANKS.flatMap((rank) => [
    `(SELECT ${String(rank)} AS rank, true AS is_retry, seq, position AS first, 1 AS size, batch_no, failures,
             due_time AS waiting_since, NULL AS client,
             (SELECT units FROM ${schema}.ingestion WHERE ingestion.seq = retry.seq) AS units, ${KEPT_KEY}
      FROM ${schema}.retry WHERE lane_no = gate.lane_no AND rank = ${String(rank)} AND due_time <= clock.now
      ORDER BY due_time, seq, position ${limit})`,
    `(SELECT ${String(rank)}, false, head.*, ${NO_KEPT_KEY}
      FROM (SELECT seq FROM ${schema}.waiting WHERE lane_no = gate.lane_no AND rank = ${String(rank)} ORDER BY seq ${limit}) AS first
      CROSS JOIN LATERAL (
        SELECT seq, taken, total - taken, batches, 0, accepted_time, client, units
        FROM ${schema}.ingestion WHERE ingestion.seq = first.seq LIMIT 1
      ) AS head)`,
  ]);
  const wanted = isVersionKnown
    ? 'unnest($1::int[], $2::tid[]) AS wanted (lane_no, version)'
    : 'unnest($1::int[]) AS wanted (lane_no)';
  const ofRules = rules === null ? '' : `${selectRules(schema, rules.laneNo, rules.question)}, `;
  return plannedOnce(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now)
    SELECT gate.lane_no, ${GATE_COLUMNS}, clock.now, ${SERVER_STARTED} AS server_started,
      ${scheduledInMs(schema, 'gate.lane_no')} AS scheduled_in, ${expiresInMs(schema, 'gate.lane_no')} AS expires_in, ${ofRules}head.*
    FROM clock CROSS JOIN ${wanted}
    JOIN ${schema}.gate ON gate.lane_no = wanted.lane_no${isVersionKnown ? ' AND gate.ctid = wanted.version' : ''}
    LEFT JOIN LATERAL (
      ${streams.join('\n      UNION ALL\n      ')}
    ) AS head ON true
    ORDER BY gate.lane_no, rank, is_retry DESC, CASE WHEN is_retry THEN waiting_since END, seq, first
  `);
}

/** Writes a version of a gate's row, such as (0,1), for an array: its comma needs quotes. */
export function toVersionLiteral(version: string): string {
  return `"${version}"`;
}

/** Selects the ids that keep a key of one of the dispatches $1, in the order of their places. */
export function selectRepeated(schema: string, laneNo: number): Statement<PendingRow> {
  return plannedOnce(`
    SELECT rank, true AS is_retry, seq, position AS first, 1 AS size, batch_no, failures,
           due_time AS waiting_since, NULL AS client,
           (SELECT units FROM ${schema}.ingestion WHERE ingestion.seq = retry.seq) AS units, ${KEPT_KEY}
    FROM ${schema}.retry WHERE lane_no = ${String(laneNo)} AND kept_dispatch_id = ANY ($1::uuid[])
    ORDER BY kept_dispatch_id, kept_place
  `);
}

/** Selects the next retry in each rank of a lane that is due after store time $1. */
export function selectNextDue(schema: string, laneNo: number): Statement {
  const ofRank = (rank: PriorityRank): string =>
    `(SELECT due_time FROM ${schema}.retry WHERE lane_no = ${String(laneNo)} AND rank = ${String(rank)}
      AND due_time > $1::float8 ORDER BY due_time LIMIT 1)`;
  return plannedOnce(`
    SELECT least(${PRIORITY_RANKS.map(ofRank).join(', ')}) - ${schema}.store_now() AS due_in
  `);
}

export function toHeadRows(rows: readonly Row[]): HeadRows {
  const gate = toGateRow(rows);
  const streams = new Map<string, Candidate[]>();
  for (const row of rows as unknown as readonly (PendingRow | { readonly seq: null })[]) {
    if (row.seq !== null) {
      const key = `${String(row.rank)}${String(row.is_retry)}`;
      const stream = streams.get(key) ?? [];
      stream.push(toCandidate(row, row.rank, row.is_retry));
      streams.set(key, stream);
    }
  }
  return {
    gate,
    serverStarted: toServerStarted(rows),
    rules: toRulesReading(rows),
    pending: {
      nowMs: gate.now,
      streams: [...streams.values()],
      clientStreams: [],
      isTruncated: () => false,
    },
  };
}
