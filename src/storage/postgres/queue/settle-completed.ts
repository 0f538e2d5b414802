import type { Outcome } from '../../../domain/dispatch.js';
import type { ResultChunk } from '../../../domain/result-chunk.js';
import type { Selection, Settlement } from '../../../scheduler/queue/queue.repository.js';
import type { ClaimedParts } from '../../shared/claimed-parts.js';
import { packResultRuns, type ResultRun } from '../../shared/pack-result-runs.js';
import { toArrayLiterals } from '../database/array-literal.js';
import { plannedOnce, type BoundStatement, type Statement } from '../database/statement.js';
import { toChr } from './pack-results.js';

/** Separates the texts of several chunks: neither a JSON text nor a chunk contains this character. */
const CHUNK_SEPARATOR = '\x1d';

/** Consecutive ids of a batch that a dispatch carries. */
export interface ClaimedPart {
  readonly seq: number;
  readonly batchNo: number;
  readonly first: number;
  readonly size: number;
}

/** The sums of what is recorded together. */
interface Completed {
  readonly idsOfLists: ReadonlyMap<number, number>;
  readonly batches: readonly { readonly seq: number; readonly batchNo: number; readonly ids: number }[];
  readonly chunks: readonly (ResultChunk & { readonly seq: number })[];
}

/**
 * Settles dispatches of which every id has completed, as {@link SettleDispatches} does, but with sums that this process
 * has computed: the server handles no single ids. It does nothing if not all of them are in flight; otherwise it returns
 * a row. Per dispatch: $1 number, $2 id, $3 ids. Per ingestion: $4 seq, $5 ids. Per batch:
 * $6 seq, $7 number, $8 ids. Per chunk of results: $9 seq, $10 first, $11 size, $12 bytes, $13 the texts.
 */
function settleCompleted(schema: string): Statement {
  return plannedOnce(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    held AS MATERIALIZED (
      SELECT dispatch_no, ids
      FROM ${schema}.dispatch
      JOIN unnest($1::bigint[], $2::uuid[], $3::int[]) AS given (dispatch_no, dispatch_id, ids)
        USING (dispatch_no, dispatch_id)
      WHERE dispatch_no = ANY ($1::bigint[]) AND ended_at IS NULL
      ORDER BY dispatch_no FOR UPDATE OF dispatch
    ),
    settled AS MATERIALIZED (
      SELECT now FROM clock WHERE (SELECT count(*) FROM held) = cardinality($1::bigint[])
    ),
    locked AS MATERIALIZED (
      SELECT seq FROM ${schema}.ingestion
      WHERE seq = ANY ($4::bigint[]) AND EXISTS (SELECT FROM settled) ORDER BY seq FOR NO KEY UPDATE
    ),
    ended AS (
      UPDATE ${schema}.dispatch SET ended_at = round(now), ending = 'settled', completed = ids
      FROM settled, held WHERE dispatch.dispatch_no = ANY ($1::bigint[]) AND dispatch.dispatch_no = held.dispatch_no
    ),
    results AS (
      INSERT INTO ${schema}.result (seq, first, size, bytes, data)
      SELECT chunk.seq, chunk.first, chunk.size, chunk.bytes, coalesce(chunk.data, '') -- no text is split into none
      FROM settled, unnest(
        $9::bigint[], $10::int[], $11::int[], $12::int[], string_to_array($13::text, ${toChr(CHUNK_SEPARATOR)})
      ) AS chunk (seq, first, size, bytes, data)
    ),
    batches AS (
      UPDATE ${schema}.batch SET completed = batch.completed + got.ids
      FROM settled, unnest($6::bigint[], $7::int[], $8::int[]) AS got (seq, batch_no, ids)
      WHERE batch.seq = ANY ($6::bigint[]) AND batch.batch_no = ANY ($7::int[])
        AND batch.seq = got.seq AND batch.batch_no = got.batch_no
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion
      SET completed = ingestion.completed + got.ids, updated_at = round(now),
          finished_at = CASE
            WHEN ingestion.completed + ingestion.failed + ingestion.cancelled + got.ids = total THEN round(now)
          END
      FROM settled, unnest($4::bigint[], $5::int[]) AS got (seq, ids)
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM locked)) AND ingestion.seq = got.seq
    )
    SELECT now FROM settled
  `);
}

/** The statement for settlements that are known to this process and of which every id has completed. */
export class SettleCompleted {
  private readonly statement: Statement;

  constructor(
    schema: string,
    private readonly claimedParts: ClaimedParts<ClaimedPart>,
  ) {
    this.statement = settleCompleted(schema);
  }

  /** Returns null if the statement does not fit: an id has another outcome, or the parts of a dispatch are not known. */
  bind(settlements: readonly Settlement[]): BoundStatement | null {
    const parts: (readonly ClaimedPart[])[] = [];
    for (const { dispatch, outcomes } of settlements) {
      const known = this.claimedParts.find(dispatch) ?? [];
      const ids = known.reduce((sum, { size }) => sum + size, 0);
      if (ids !== outcomes.length || outcomes.some(({ kind }) => kind !== 'completed')) {
        return null;
      }
      parts.push(known);
    }
    const { idsOfLists, batches, chunks } = toCompleted(settlements, parts);
    return {
      statement: this.statement,
      values: [
        ...toArrayLiterals(
          settlements,
          ({ dispatch }) => dispatch.dispatchNo,
          ({ dispatch }) => dispatch.dispatchId,
          ({ outcomes }) => outcomes.length,
        ),
        ...toArrayLiterals(
          [...idsOfLists],
          ([seq]) => seq,
          ([, ids]) => ids,
        ),
        ...toArrayLiterals(
          batches,
          ({ seq }) => seq,
          ({ batchNo }) => batchNo,
          ({ ids }) => ids,
        ),
        ...toArrayLiterals(
          chunks,
          ({ seq }) => seq,
          ({ first }) => first,
          ({ size }) => size,
          ({ bytes }) => bytes,
        ),
        chunks.map(({ data }) => data).join(CHUNK_SEPARATOR),
      ],
    };
  }
}

export function toClaimedPart({ candidate: { seq, batchNo, first }, size }: Selection): ClaimedPart {
  return { seq, batchNo, first, size };
}

function toCompleted(
  settlements: readonly Settlement[],
  partsOfAll: readonly (readonly ClaimedPart[])[],
): Completed {
  const idsOfLists = new Map<number, number>();
  const batches = new Map<string, { seq: number; batchNo: number; ids: number }>();
  const runs: ResultRun[] = [];
  settlements.forEach(({ outcomes }, i) => {
    let place = 0;
    for (const { seq, batchNo, first, size } of partsOfAll[i] ?? []) {
      idsOfLists.set(seq, (idsOfLists.get(seq) ?? 0) + size);
      const key = `${String(seq)} ${String(batchNo)}`;
      const batch = batches.get(key);
      if (batch === undefined) {
        batches.set(key, { seq, batchNo, ids: size });
      } else {
        batch.ids += size;
      }
      runs.push({ seq, first, results: outcomes.slice(place, place + size).map(toResult) });
      place += size;
    }
  });
  return { idsOfLists, batches: [...batches.values()], chunks: packResultRuns(runs) };
}

function toResult(outcome: Outcome): string | null | undefined {
  return outcome.kind === 'completed' ? outcome.dataJson : undefined;
}
