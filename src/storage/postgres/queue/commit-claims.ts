import type { DispatchPart } from '../../../domain/dispatch.js';
import type {
  Candidate,
  CommittedClaim,
  LaneSelection,
  LastServed,
  Selection,
} from '../../../scheduler/queue/queue.repository.js';
import type { DepartureDraft } from '../../../scheduler/rules/departure-log.store.js';
import { toLabelsField } from '../../../domain/labels.js';
import { appendDepartures } from './departures.js';
import { sliceOfChunks } from './id-chunks.js';
import { BYTES_PER_ID } from '../../../domain/packed-ids.js';
import { PRIORITY_RANKS } from '../../../domain/priority.js';
import { servedColumn } from './fair-share-cursor.js';
import { addToClientCounters } from './client-pending-counter.js';
import { toArrayLiteral } from '../database/array-literal.js';
import { plannedOnce, type BoundStatement, type Row, type Statement } from '../database/statement.js';
import { toClaimValues } from './claim-values.js';
import { NEXT_EPOCH, SERVER_STARTED } from './claim-epoch.js';
import { addToCounters, GATE_STRIPE } from './pending-counters.js';
import { KEPT_KEY, type HeadRows } from './pending-ids.js';

/** A committed claim, with the version of the gate's row that it wrote, see `GateRow.version`. */
interface WrittenClaim extends CommittedClaim {
  readonly version: string;
}

/** The parts of the statement that not every claim has. */
interface ClaimKind {
  readonly hasClients: boolean;
  readonly hasRetries: boolean;
  readonly fairShare: boolean;
  readonly departs: boolean;
  /** True if some of the ids keep a key; they are retries. */
  readonly keepsKeys: boolean;
}

/** The lane's number and the rows that were read of it before the claim. */
type ReadLane = Pick<HeadRows, 'gate' | 'serverStarted'> & { readonly laneNo: number };

/** A slice of the ids that are taken, with what belongs to the claim as a whole. */
interface SliceRow {
  readonly turn: number;
  readonly version: string;
  readonly first_departure_no: number | null;
  /** The numbers of the dispatches, in their order. */
  readonly dispatch_nos: string;
  readonly seq: number;
  readonly first: number;
  readonly ingestion_id: string;
  readonly labels: string | null;
  readonly packed_ids: Uint8Array;
}

/** The number of the first parameter that not every claim has. */
const FIRST_OF_KIND = 24;

/**
 * Commits a claim of one or more dispatches. It succeeds only if `turn`, the claim epoch, is still the value under which
 * the head of the queue was read: only claims take ids away, so the ids read then are still there. This holds only on the
 * server that was read, because another server may have the same epoch with other ids. If another process was faster or
 * another server has taken over, no row is returned and nothing has changed.
 * $1 epoch, $2 ms within which the request is sent, $3 dispatch ids, $4 lease in ms, $6 lane, $7 the server that was read
 * (see `SERVER_STARTED`; null for any), $8 delay in ms and $9 batch size of the lane in this process, $10 the version of the
 * gate's row that was read, $11 the number of calls; $5 and $12 to $16 the parts, $17 to $20 the lists and $21 to $23 the
 * slices of {@link ClaimValues}. With retries, their values follow, and those of kept keys. With fair share, the next three
 * are the clients served last in each rank, null for none. With departures, the last four are the calls, the ids and the
 * units of each dispatch, and the ms within which they leave.
 * Ingestions are locked in the order of seq, as in every statement, so claims cannot deadlock with the outcomes of
 * other dispatches. The sums per client are updated only if any of the ids has a client.
 */
function commitClaim(
  schema: string,
  { hasClients, hasRetries, fairShare, departs, keepsKeys }: ClaimKind,
): Statement {
  let last = FIRST_OF_KIND - 1;
  const next = (type: string): string => {
    last += 1;
    return `$${String(last)}::${type}`;
  };
  const ofRetries = hasRetries ? [next('bool[]'), next('int[]'), next('smallint[]'), next('float8[]')] : [];
  const ofKeys = keepsKeys ? [next('uuid[]'), next('int[]'), next('int[]')] : [];
  const partColumns = [
    'dispatch_id, part_no, seq, batch_no, first, size',
    ...(hasRetries ? ['is_retry, failures, rank, due_time'] : []),
    ...(keepsKeys ? [KEPT_KEY] : []),
  ].join(', ');
  const keptKey = keepsKeys ? `, ${KEPT_KEY}` : '';
  const served = fairShare
    ? PRIORITY_RANKS.map(
        (rank) => `, ${servedColumn(rank)} = coalesce(${next('text')}, ${servedColumn(rank)})`,
      ).join('')
    : '';
  const departures = departs
    ? `,${appendDepartures(schema, '$6::int', {
        calls: next('bigint[]'),
        ids: next('bigint[]'),
        units: next('bigint[]'),
        within: next('float8'),
      })}`
    : '';
  const noLongerDue = `
    no_longer_due AS (
      DELETE FROM ${schema}.retry USING part
      WHERE retry.lane_no = $6::int AND retry.rank = ANY (ARRAY(SELECT rank FROM part WHERE is_retry))
        AND retry.due_time = ANY (ARRAY(SELECT due_time FROM part WHERE is_retry))
        AND part.is_retry AND retry.rank = part.rank AND retry.due_time = part.due_time
        AND retry.seq = part.seq AND retry.position = part.first
    ),`;
  return plannedOnce(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    mine AS (
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, slot_taken_time = now + $2::float8, slot_delay_ms = $8::float8,
        slot_batch_size = $9::int, ceiling_calls = greatest(0, ceiling_calls - $11::bigint),
        held_until_time = CASE WHEN ceiling_until_time > now AND ceiling_calls <= $11::bigint
          THEN greatest(held_until_time, ceiling_until_time) ELSE held_until_time END${served}
      FROM clock WHERE ctid = $10::tid AND lane_no = $6::int AND turn = $1::bigint
        AND ($7::float8 IS NULL OR $7::float8 = ${SERVER_STARTED})
      RETURNING turn, ctid AS version
    ),
    part AS MATERIALIZED (
      SELECT part.* FROM mine CROSS JOIN unnest(
        ${['$5::uuid[], $12::int[], $13::bigint[], $14::int[], $15::int[], $16::int[]', ...ofRetries, ...ofKeys].join(', ')}
      ) AS part (${partColumns})
    ),
    list AS MATERIALIZED (
      SELECT list.* FROM mine CROSS JOIN unnest($17::bigint[], $18::smallint[], $19::int[], $20::int[])
        AS list (seq, rank, ids, new_batches)
    ),
    locked AS MATERIALIZED (
      SELECT seq, ingestion_id, client, labels FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM list)) ORDER BY seq FOR NO KEY UPDATE
    ),
    begun AS (
      INSERT INTO ${schema}.dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
      SELECT wanted.id, $6::int, round(now), now + $4::float8
      FROM clock, mine, unnest($3::uuid[]) WITH ORDINALITY AS wanted (id, place) ORDER BY place
      RETURNING dispatch_no, dispatch_id
    ),
    parts AS (
      INSERT INTO ${schema}.dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures${keptKey})
      SELECT dispatch_no, part_no, seq, batch_no, first, size, ${hasRetries ? 'failures' : '0'}${keptKey}
      FROM begun JOIN part USING (dispatch_id)
    ),
    batches AS (
      INSERT INTO ${schema}.batch (seq, batch_no, first, size)
      SELECT seq, batch_no, first, size FROM part${hasRetries ? ' WHERE NOT is_retry' : ''}
    ),${hasRetries ? noLongerDue : ''}
    moved AS (
      UPDATE ${schema}.ingestion
      SET taken = taken + ids, batches = batches + new_batches, updated_at = round(now)
      FROM clock, list
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM locked)) AND ingestion.seq = list.seq
      RETURNING ingestion.rank, ingestion.seq, taken = total AS is_all_taken
    ),
    went AS MATERIALIZED (SELECT $6::int AS lane_no, rank, seq, -ids AS ids FROM list WHERE ids > 0),
    counted AS (${addToCounters(schema, 'went', GATE_STRIPE)}),
    ${hasClients ? `of_clients AS (${addToClientCounters(schema, '(SELECT client, ids FROM went JOIN locked USING (seq))', '$6::int')}),` : ''}
    no_longer_waiting AS (
      DELETE FROM ${schema}.waiting
      WHERE lane_no = $6::int AND rank = ANY (ARRAY(SELECT rank FROM moved WHERE is_all_taken))
        AND seq = ANY (ARRAY(SELECT seq FROM moved WHERE is_all_taken))
    )${departures}
    SELECT turn, version, ${departs ? '(SELECT min(departure_no) FROM departed)' : 'NULL'} AS first_departure_no,
      (SELECT string_agg(dispatch_no::text, ',' ORDER BY dispatch_no) FROM begun) AS dispatch_nos,
      slice.seq, slice.first, ingestion_id, labels, ${sliceOfChunks(schema, 'slice')} AS packed_ids
    FROM mine CROSS JOIN unnest($21::bigint[], $22::int[], $23::int[]) AS slice (seq, first, size)
    JOIN locked USING (seq)
  `);
}

/** The statements that commit claims, with their values and results. */
export class CommitClaim {
  /** The statements of the kinds of claims that occurred. */
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly schema: string) {}

  bind(
    { dispatches, calls, slot, leaseMs, batchSize, served, departures }: LaneSelection,
    dispatchIds: readonly string[],
    { gate, serverStarted, laneNo }: ReadLane,
  ): BoundStatement {
    const { parts, lists, slices, retries, keptKeys } = toClaimValues(dispatches, dispatchIds);
    const [dispatchOfParts, ...ofParts] = parts;
    const fairShare = served !== null;
    const candidates = dispatches.flatMap((selections) => selections.map(({ candidate }) => candidate));
    const hasClients = fairShare || candidates.some(({ client }) => client !== null);
    const hasRetries = candidates.some(({ isRetry }) => isRetry);
    const keepsKeys = candidates.some(({ keptKey }) => keptKey !== undefined);
    return {
      statement: this.statementOf({
        hasClients,
        hasRetries,
        fairShare,
        departs: departures !== null,
        keepsKeys,
      }),
      values: [
        gate.turn,
        slot.sendWithinMs,
        toArrayLiteral(dispatchIds),
        leaseMs,
        dispatchOfParts,
        laneNo,
        serverStarted,
        slot.delayMs,
        batchSize,
        gate.version,
        calls,
        ...ofParts,
        ...lists,
        ...slices,
        ...(hasRetries ? retries : []),
        ...(keepsKeys ? keptKeys : []),
        ...(served === null ? [] : toServedValues(served)),
        ...(departures === null ? [] : toDepartureValues(departures)),
      ],
    };
  }

  private statementOf(kind: ClaimKind): Statement {
    const key = JSON.stringify(kind);
    const known = this.statements.get(key) ?? commitClaim(this.schema, kind);
    this.statements.set(key, known);
    return known;
  }

  /** Returns null if another process was faster. */
  read(
    { lane, dispatches }: LaneSelection,
    dispatchIds: readonly string[],
    rows: readonly Row[],
  ): WrittenClaim | null {
    const slices = rows as unknown as readonly SliceRow[];
    const [head] = slices;
    if (head === undefined) {
      return null;
    }
    const dispatchNos = head.dispatch_nos.split(',').map(Number);
    const byPlace = new Map(slices.map((slice) => [toPlace(slice.seq, slice.first), slice]));
    const startOfNewIds = new Map<number, number>();
    const sliceOf = ({ isRetry, seq, first }: Candidate): SliceRow | undefined => {
      if (isRetry) {
        return byPlace.get(toPlace(seq, first));
      }
      const start = startOfNewIds.get(seq) ?? first;
      startOfNewIds.set(seq, start);
      return byPlace.get(toPlace(seq, start));
    };
    return {
      epoch: head.turn,
      version: head.version,
      firstDepartureNo: head.first_departure_no,
      dispatches: dispatches.map((selections, i) => ({
        lane,
        dispatchNo: dispatchNos[i] ?? 0,
        dispatchId: dispatchIds[i] ?? '',
        parts: selections.map((selection) => toPart(selection, sliceOf(selection.candidate))),
      })),
    };
  }
}

function toDepartureValues({ amounts, leavesWithinMs }: DepartureDraft): unknown[] {
  return [
    amounts.map(({ calls }) => calls),
    amounts.map(({ ids }) => ids),
    amounts.map(({ units }) => units),
    leavesWithinMs,
  ];
}

function toServedValues(served: LastServed): (string | null)[] {
  return PRIORITY_RANKS.map((rank) => served[rank] ?? null);
}

function toPlace(seq: number, first: number): string {
  return `${String(seq)} ${String(first)}`;
}

function toPart({ candidate, size }: Selection, slice: SliceRow | undefined): DispatchPart {
  const { seq, batchNo, first, failures, keptKey } = candidate;
  if (slice === undefined) {
    throw new Error(`ids of the ingestion ${String(seq)} were claimed and not returned`);
  }
  const start = (first - slice.first) * BYTES_PER_ID;
  return {
    ingestionId: slice.ingestion_id,
    batchNo,
    first,
    size,
    failures,
    packedIds: slice.packed_ids.subarray(start, start + size * BYTES_PER_ID),
    ...(keptKey !== undefined && { keptKey }),
    ...toLabelsField(slice.labels),
  };
}
