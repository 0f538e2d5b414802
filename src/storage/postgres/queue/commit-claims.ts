import type { DispatchPart } from '../../../domain/dispatch.js';
import type { Candidate, CommittedClaim, Selection } from '../../../scheduler/queue/queue.repository.js';
import type { DepartureDraft } from '../../../scheduler/rules/departure-log.store.js';
import { toLabelsField } from '../../../domain/labels.js';
import { appendDepartures } from './departures.js';
import { sliceOfChunks } from './id-chunks.js';
import { BYTES_PER_ID } from '../../../domain/packed-ids.js';
import { PRIORITY_RANKS } from '../../../domain/priority.js';
import { servedColumn } from './fair-share-cursor.js';
import { addToClientCounters } from './client-pending-counter.js';
import { plannedOnce, type BoundStatement, type Row, type Statement } from '../database/statement.js';
import { toClaimValues, type ReadClaim } from './claim-values.js';
import { NEXT_EPOCH, SERVER_STARTED } from './claim-epoch.js';
import { addToCounters, GATE_STRIPE } from './pending-counters.js';
import { KEPT_KEY } from './pending-ids.js';

/** A committed claim, with the version of the gate's row that it wrote, see `GateRow.version`. */
export interface WrittenClaim extends CommittedClaim {
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

/** A slice of the ids that are taken, with what belongs to the claim of its lane. The row also has `lane_no`. */
interface SliceRow {
  readonly turn: number;
  readonly version: string;
  readonly first_departure_no: number | null;
  /** The numbers of the lane's dispatches, in their order. */
  readonly dispatch_nos: string;
  readonly seq: number;
  readonly first: number;
  readonly ingestion_id: string;
  readonly labels: string | null;
  readonly packed_ids: Uint8Array;
}

/**
 * Commits the claims of one or more lanes, each of one or more dispatches. A claim succeeds only if the claim epoch, `turn`,
 * is still the value under which the head of the queue was read: only claims take ids away, so the ids read then are still
 * there. This holds only on the server that was read, because another server may have the same epoch with other ids. If
 * another process was faster or another server has taken over, no row of the lane is returned and nothing of it has changed.
 * The parameters are the arrays of {@link ClaimValues}, in the order of its fields. With retries, their values follow, and
 * those of kept keys. With fair share, the next three are the clients served last in each rank, null for none. With
 * departures, which only the claim of a single lane has, the last five are the calls, the ids and the units of each dispatch,
 * the ms within which they leave, and the lane.
 * Ingestions are locked in the order of seq, as in every statement, so claims cannot deadlock with the outcomes of
 * other dispatches. The sums per client are updated only if any of the ids has a client.
 */
function commitClaims(
  schema: string,
  { hasClients, hasRetries, fairShare, departs, keepsKeys }: ClaimKind,
): Statement {
  let last = 0;
  const next = (type: string): string => {
    last += 1;
    return `$${String(last)}::${type}`;
  };
  const arrays = (...types: readonly string[]): string[] => types.map((type) => next(`${type}[]`));
  const ofClaims = arrays('int', 'bigint', 'tid', 'float8', 'float8', 'float8', 'int', 'bigint', 'float8');
  const ofDispatches = arrays('int', 'uuid');
  const ofParts = arrays('int', 'uuid', 'int', 'bigint', 'int', 'int', 'int');
  const ofLists = arrays('int', 'bigint', 'smallint', 'int', 'int');
  const ofSlices = arrays('int', 'bigint', 'int', 'int');
  const ofRetries = hasRetries ? arrays('bool', 'int', 'smallint', 'float8') : [];
  const ofKeys = keepsKeys ? arrays('uuid', 'int', 'int') : [];
  const ofServed = fairShare ? arrays(...PRIORITY_RANKS.map(() => 'text')) : [];
  const partColumns = [
    'lane_no, dispatch_id, part_no, seq, batch_no, first, size',
    ...(hasRetries ? ['is_retry, failures, rank, due_time'] : []),
    ...(keepsKeys ? [KEPT_KEY] : []),
  ].join(', ');
  const keptKey = keepsKeys ? `, ${KEPT_KEY}` : '';
  const servedColumns = fairShare ? PRIORITY_RANKS.map(servedColumn) : [];
  const served = servedColumns
    .map((column) => `, ${column} = coalesce(claim.${column}, gate.${column})`)
    .join('');
  const departures = departs
    ? `,${appendDepartures(schema, {
        calls: next('bigint[]'),
        ids: next('bigint[]'),
        units: next('bigint[]'),
        within: next('float8'),
        laneNo: next('int'),
      })}`
    : '';
  const noLongerDue = `
    no_longer_due AS (
      DELETE FROM ${schema}.retry USING part
      WHERE retry.lane_no = ANY (ARRAY(SELECT lane_no FROM part WHERE is_retry))
        AND retry.rank = ANY (ARRAY(SELECT rank FROM part WHERE is_retry))
        AND retry.due_time = ANY (ARRAY(SELECT due_time FROM part WHERE is_retry))
        AND part.is_retry AND retry.lane_no = part.lane_no AND retry.rank = part.rank
        AND retry.due_time = part.due_time AND retry.seq = part.seq AND retry.position = part.first
    ),`;
  return plannedOnce(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    mine AS (
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, slot_taken_time = now + claim.send_within_ms,
        slot_delay_ms = claim.delay_ms, slot_batch_size = claim.batch_size,
        ceiling_calls = greatest(0, ceiling_calls - claim.calls),
        held_until_time = CASE WHEN ceiling_until_time > now AND ceiling_calls <= claim.calls
          THEN greatest(held_until_time, ceiling_until_time) ELSE held_until_time END${served}
      FROM clock, unnest(${[...ofClaims, ...ofServed].join(', ')})
        AS claim (${['lane_no, turn, version, server_started, send_within_ms, delay_ms, batch_size, calls, lease_ms', ...servedColumns].join(', ')})
      WHERE gate.ctid = claim.version AND gate.lane_no = claim.lane_no AND gate.turn = claim.turn
        AND (claim.server_started IS NULL OR claim.server_started = ${SERVER_STARTED})
      RETURNING gate.lane_no, gate.turn, gate.ctid AS version, claim.lease_ms
    ),
    part AS MATERIALIZED (
      SELECT part.* FROM mine JOIN unnest(
        ${[...ofParts, ...ofRetries, ...ofKeys].join(', ')}
      ) AS part (${partColumns}) USING (lane_no)
    ),
    list AS MATERIALIZED (
      SELECT list.* FROM mine JOIN unnest(${ofLists.join(', ')})
        AS list (lane_no, seq, rank, ids, new_batches) USING (lane_no)
    ),
    locked AS MATERIALIZED (
      SELECT seq, ingestion_id, client, labels FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM list)) ORDER BY seq FOR NO KEY UPDATE
    ),
    begun AS (
      INSERT INTO ${schema}.dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
      SELECT wanted.id, lane_no, round(now), now + lease_ms
      FROM clock, mine JOIN unnest(${ofDispatches.join(', ')}) WITH ORDINALITY AS wanted (lane_no, id, place) USING (lane_no)
      ORDER BY place
      RETURNING dispatch_no, dispatch_id, lane_no
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
      RETURNING list.lane_no, ingestion.rank, ingestion.seq, taken = total AS is_all_taken
    ),
    went AS MATERIALIZED (SELECT lane_no, rank, seq, -ids AS ids FROM list WHERE ids > 0),
    counted AS (${addToCounters(schema, 'went', GATE_STRIPE)}),
    ${hasClients ? `of_clients AS (${addToClientCounters(schema, '(SELECT client, lane_no, ids FROM went JOIN locked USING (seq))', 'lane_no')}),` : ''}
    no_longer_waiting AS (
      DELETE FROM ${schema}.waiting
      WHERE lane_no = ANY (ARRAY(SELECT lane_no FROM moved WHERE is_all_taken))
        AND rank = ANY (ARRAY(SELECT rank FROM moved WHERE is_all_taken))
        AND seq = ANY (ARRAY(SELECT seq FROM moved WHERE is_all_taken))
    )${departures}
    SELECT lane_no, turn, version, ${departs ? '(SELECT min(departure_no) FROM departed)' : 'NULL'} AS first_departure_no,
      (SELECT string_agg(dispatch_no::text, ',' ORDER BY dispatch_no) FROM begun WHERE begun.lane_no = mine.lane_no) AS dispatch_nos,
      slice.seq, slice.first, ingestion_id, labels, ${sliceOfChunks(schema, 'slice')} AS packed_ids
    FROM mine JOIN unnest(${ofSlices.join(', ')}) AS slice (lane_no, seq, first, size) USING (lane_no)
    JOIN locked USING (seq)
  `);
}

/** The statements that commit claims, with their values and results. */
export class CommitClaims {
  /** The statements of the kinds of claims that occurred. */
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly schema: string) {}

  /** @param claims with departures only the claim of a single lane */
  bind(claims: readonly ReadClaim[]): BoundStatement {
    const { common, retries, keptKeys } = toClaimValues(claims);
    const candidates = claims.flatMap(({ selection }) =>
      selection.dispatches.flatMap((selections) => selections.map(({ candidate }) => candidate)),
    );
    const fairShare = claims.some(({ selection }) => selection.served !== null);
    const hasClients = fairShare || candidates.some(({ client }) => client !== null);
    const hasRetries = candidates.some(({ isRetry }) => isRetry);
    const keepsKeys = candidates.some(({ keptKey }) => keptKey !== undefined);
    const departures = claims.flatMap(({ laneNo, selection }) =>
      selection.departures === null ? [] : toDepartureValues(selection.departures, laneNo),
    );
    return {
      statement: this.statementOf({
        hasClients,
        hasRetries,
        fairShare,
        departs: departures.length > 0,
        keepsKeys,
      }),
      values: [
        ...common,
        ...(hasRetries ? retries : []),
        ...(keepsKeys ? keptKeys : []),
        ...(fairShare ? toServedValues(claims) : []),
        ...departures,
      ],
    };
  }

  private statementOf(kind: ClaimKind): Statement {
    const key = JSON.stringify(kind);
    const known = this.statements.get(key) ?? commitClaims(this.schema, kind);
    this.statements.set(key, known);
    return known;
  }

  /** Returns a claim from the rows of its lane; null if there are none, because another process was faster. */
  read({ selection, dispatchIds }: ReadClaim, rows: readonly Row[]): WrittenClaim | null {
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
      dispatches: selection.dispatches.map((selections, i) => ({
        lane: selection.lane,
        dispatchNo: dispatchNos[i] ?? 0,
        dispatchId: dispatchIds[i] ?? '',
        parts: selections.map((selected) => toPart(selected, sliceOf(selected.candidate))),
      })),
    };
  }
}

function toDepartureValues({ amounts, leavesWithinMs }: DepartureDraft, laneNo: number): unknown[] {
  return [
    amounts.map(({ calls }) => calls),
    amounts.map(({ ids }) => ids),
    amounts.map(({ units }) => units),
    leavesWithinMs,
    laneNo,
  ];
}

/** Returns, for each rank, the client served last in each lane. */
function toServedValues(claims: readonly ReadClaim[]): (string | null)[][] {
  return PRIORITY_RANKS.map((rank) => claims.map(({ selection }) => selection.served?.[rank] ?? null));
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
