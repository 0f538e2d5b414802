import type { KeptKeyRow } from '../../shared/rows/candidate-row.js';
import type { Dispatch, DispatchPart, KeptKey } from '../../../domain/dispatch.js';
import type {
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
import { statement, type BoundStatement, type Row, type Statement } from '../database/statement.js';
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
  readonly fairShare: boolean;
  readonly departs: boolean;
  /** True if some of the ids keep a key. */
  readonly keepsKeys: boolean;
}

/** The lane's number and the rows that were read of it before the claim. */
type ReadLane = Pick<HeadRows, 'gate' | 'serverStarted'> & { readonly laneNo: number };

interface PartRow {
  readonly turn: number;
  readonly version: string;
  readonly first_departure_no: number | null;
  readonly dispatch_no: number;
  readonly dispatch_id: string;
  readonly part_no: number;
  readonly ingestion_id: string;
  readonly labels: string | null;
  readonly packed_ids: Uint8Array;
}

/**
 * Commits a claim of one or more dispatches. It succeeds only if `turn`, the claim epoch, is still the value under which
 * the head of the queue was read: only claims take ids away, so the ids read then are still there. This holds only on the
 * server that was read, because another server may have the same epoch with other ids. If another process was faster or
 * another server has taken over, no row is returned and nothing has changed.
 * $1 epoch, $2 ms within which the request is sent, $3 dispatch ids, $4 lease in ms, $5 the ids as JSON, $6 lane, $7 the
 * server that was read (see `SERVER_STARTED`; null for any), $8 delay in ms and $9 batch size of the lane in this
 * process, $10 the version of the gate's row that was read, $11 the number of calls. With fair share, $12 to $14 are the
 * clients served last in each rank, null for none. With departures, the last four are the calls, the ids and the units of each dispatch, and the
 * ms within which they leave.
 * Ingestions are locked in the order of seq, as in every statement, so claims cannot deadlock with the outcomes of
 * other dispatches. The sums per client are updated only if any of the ids has a client.
 * The new ids of a list follow each other, so they are read once for all dispatches; ids of retries stand anywhere.
 */
function commitClaim(schema: string, { hasClients, fairShare, departs, keepsKeys }: ClaimKind): Statement {
  const first = fairShare ? 15 : 12;
  const keptKey = keepsKeys ? `, ${KEPT_KEY}` : '';
  const departures = appendDepartures(schema, '$6::int', {
    calls: `$${String(first)}::bigint[]`,
    ids: `$${String(first + 1)}::bigint[]`,
    units: `$${String(first + 2)}::bigint[]`,
    within: `$${String(first + 3)}::float8`,
  });
  const served = PRIORITY_RANKS.map(
    (rank) => `, ${servedColumn(rank)} = coalesce($${String(12 + rank)}::text, ${servedColumn(rank)})`,
  );
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    mine AS (
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, slot_taken_time = now + $2::float8, slot_delay_ms = $8::float8,
        slot_batch_size = $9::int, ceiling_calls = greatest(0, ceiling_calls - $11::bigint),
        held_until_time = CASE WHEN ceiling_until_time > now AND ceiling_calls <= $11::bigint
          THEN greatest(held_until_time, ceiling_until_time) ELSE held_until_time END${fairShare ? served.join('') : ''}
      FROM clock WHERE ctid = $10::tid AND lane_no = $6::int AND turn = $1::bigint
        AND ($7::float8 IS NULL OR $7::float8 = ${SERVER_STARTED})
      RETURNING turn, ctid AS version
    ),
    part AS MATERIALIZED (
      SELECT part.* FROM mine CROSS JOIN json_to_recordset($5::json) AS part (
        dispatch_id uuid, part_no int, is_retry bool, rank smallint, seq bigint, batch_no int, first int, size int, failures int,
        due_time float8${keepsKeys ? ', kept_dispatch_id uuid, kept_place int, kept_size int' : ''}
      )
    ),
    locked AS MATERIALIZED (
      SELECT seq, ingestion_id, client, labels FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM part)) ORDER BY seq FOR NO KEY UPDATE
    ),
    begun AS (
      INSERT INTO ${schema}.dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
      SELECT wanted.id, $6::int, round(now), now + $4::float8
      FROM clock, mine, unnest($3::uuid[]) WITH ORDINALITY AS wanted (id, place) ORDER BY place
      RETURNING dispatch_no, dispatch_id
    ),
    parts AS (
      INSERT INTO ${schema}.dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures${keptKey})
      SELECT dispatch_no, part_no, seq, batch_no, first, size, failures${keptKey} FROM begun JOIN part USING (dispatch_id)
    ),
    batches AS (
      INSERT INTO ${schema}.batch (seq, batch_no, first, size)
      SELECT seq, batch_no, first, size FROM part WHERE NOT is_retry
    ),
    no_longer_due AS (
      DELETE FROM ${schema}.retry USING part
      WHERE retry.lane_no = $6::int AND retry.rank = ANY (ARRAY(SELECT rank FROM part WHERE is_retry))
        AND retry.due_time = ANY (ARRAY(SELECT due_time FROM part WHERE is_retry))
        AND part.is_retry AND retry.rank = part.rank AND retry.due_time = part.due_time
        AND retry.seq = part.seq AND retry.position = part.first
    ),
    moved AS (
      UPDATE ${schema}.ingestion
      SET taken = taken + ids, batches = batches + begun_batches, updated_at = round(now)
      FROM clock, (
        SELECT seq, coalesce(sum(size) FILTER (WHERE NOT is_retry), 0) AS ids,
               count(*) FILTER (WHERE NOT is_retry) AS begun_batches
        FROM part GROUP BY seq
      ) AS took
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM locked)) AND ingestion.seq = took.seq
      RETURNING ingestion.rank, ingestion.seq, taken = total AS is_all_taken
    ),
    went AS MATERIALIZED (SELECT $6::int AS lane_no, rank, seq, -size AS ids FROM part WHERE NOT is_retry),
    counted AS (${addToCounters(schema, 'went', GATE_STRIPE)}),
    ${hasClients ? `of_clients AS (${addToClientCounters(schema, '(SELECT client, ids FROM went JOIN locked USING (seq))', '$6::int')}),` : ''}
    no_longer_waiting AS (
      DELETE FROM ${schema}.waiting
      WHERE lane_no = $6::int AND rank = ANY (ARRAY(SELECT rank FROM moved WHERE is_all_taken))
        AND seq = ANY (ARRAY(SELECT seq FROM moved WHERE is_all_taken))
    ),
    ids_of_lists AS MATERIALIZED (
      SELECT list.seq, list.first, ${sliceOfChunks(schema, 'list')} AS packed_ids
      FROM (
        SELECT seq, min(first) AS first, max(first + size) - min(first) AS size FROM part WHERE NOT is_retry GROUP BY seq
      ) AS list
    )${departs ? `,${departures}` : ''}
    SELECT turn, version, ${departs ? '(SELECT min(departure_no) FROM departed)' : 'NULL'} AS first_departure_no, dispatch_no, dispatch_id, part_no, ingestion_id, labels,
      CASE WHEN is_retry THEN ${sliceOfChunks(schema, 'part')}
           ELSE substr(list.packed_ids, (part.first - list.first) * ${String(BYTES_PER_ID)} + 1, part.size * ${String(BYTES_PER_ID)})
      END AS packed_ids
    FROM mine CROSS JOIN part JOIN begun USING (dispatch_id) JOIN locked USING (seq) LEFT JOIN ids_of_lists AS list USING (seq)
    ORDER BY dispatch_no, part_no
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
    const values = [
      gate.turn,
      slot.sendWithinMs,
      dispatchIds,
      leaseMs,
      toPartsJson(dispatches, dispatchIds),
      laneNo,
      serverStarted,
      slot.delayMs,
      batchSize,
      gate.version,
      calls,
    ];
    const fairShare = served !== null;
    const hasClients =
      fairShare || dispatches.some((parts) => parts.some(({ candidate }) => candidate.client !== null));
    const keepsKeys = dispatches.some((parts) =>
      parts.some(({ candidate }) => candidate.keptKey !== undefined),
    );
    return {
      statement: this.statementOf({ hasClients, fairShare, departs: departures !== null, keepsKeys }),
      values: [
        ...values,
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
    const partRows = rows as unknown as readonly PartRow[];
    const [head] = partRows;
    if (head === undefined) {
      return null;
    }
    const byDispatch = Map.groupBy(partRows, (row) => row.dispatch_id);
    return {
      epoch: head.turn,
      version: head.version,
      firstDepartureNo: head.first_departure_no,
      dispatches: dispatches.map((selections, i) => {
        const dispatchId = dispatchIds[i] ?? '';
        return toDispatch(lane, dispatchId, selections, byDispatch.get(dispatchId) ?? []);
      }),
    };
  }
}

function toPartsJson(dispatches: readonly (readonly Selection[])[], dispatchIds: readonly string[]): string {
  const parts = dispatches.flatMap((selections, i) =>
    selections.map(({ candidate, size }, partNo) => ({
      dispatch_id: dispatchIds[i],
      part_no: partNo,
      is_retry: candidate.isRetry,
      rank: candidate.rank,
      seq: candidate.seq,
      batch_no: candidate.batchNo,
      first: candidate.first,
      size,
      failures: candidate.failures,
      due_time: candidate.pendingSinceMs,
      ...toKeptKeyColumns(candidate.keptKey),
    })),
  );
  return JSON.stringify(parts);
}

function toKeptKeyColumns(keptKey: KeptKey | undefined): KeptKeyRow {
  return keptKey === undefined
    ? {}
    : { kept_dispatch_id: keptKey.dispatchId, kept_place: keptKey.place, kept_size: keptKey.size };
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

function toDispatch(
  lane: string,
  dispatchId: string,
  selections: readonly Selection[],
  rows: readonly PartRow[],
): Dispatch {
  const parts = selections.map(({ candidate, size }, partNo): DispatchPart => {
    const row = rows[partNo];
    if (row?.part_no !== partNo) {
      throw new Error(`dispatch ${dispatchId} was returned without its part ${String(partNo)}`);
    }
    return {
      ingestionId: row.ingestion_id,
      batchNo: candidate.batchNo,
      first: candidate.first,
      size,
      failures: candidate.failures,
      packedIds: row.packed_ids,
      ...(candidate.keptKey !== undefined && { keptKey: candidate.keptKey }),
      ...toLabelsField(row.labels),
    };
  });
  const [first] = rows;
  return { lane, dispatchNo: Number(first?.dispatch_no), dispatchId, parts };
}
