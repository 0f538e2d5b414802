import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Status } from '../../domain/batch-status.js';
import { BYTES_PER_ID } from '../../domain/packed-ids.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { isTerminal } from '../../domain/ingestion-version.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import type { AttemptError } from '../../domain/dispatch.js';
import { unpackResults, type ResultChunk } from '../../domain/result-chunk.js';
import { ResultRepository, type PositionRange } from './result.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A page ends with the run of answers that reaches this. */
const BYTES_PER_PAGE = 1024 * 1024;
const IDS_PER_STEP = 1000;

/** How far one id is, and what came of it. */
export interface Result {
  readonly position: number;
  /** See `packIds`; one id. */
  readonly packedId: Uint8Array;
  readonly status: Status;
  /** Exact JSON, where the upstream said something. */
  readonly dataJson?: string;
  readonly error?: AttemptError;
}

/** Some ids of an ingestion, in their order. */
export interface ResultPage {
  readonly results: readonly Result[];
  /** The position behind them from which the next page goes on; null where there is none. */
  readonly next: number | null;
}

type IdResult = Omit<Result, 'packedId'>;

/** Tells what came of each id. Every method throws UnknownIngestionError or StoreUnavailableError. */
@Injectable()
export class ResultService {
  /** False where the outcomes alone are stored. */
  readonly storesResults: boolean;

  constructor(
    private readonly ingestions: IngestionRepository,
    private readonly store: ResultRepository,
    options: SchedulerOptions,
  ) {
    this.storesResults = options.storesResults;
  }

  /**
   * From position `from` on, `limit` ids at the most, fewer where their answers are long. With a status only those that
   * have it: of the next `limit` ids, or, of those that failed, wherever they stand.
   */
  async page(ingestionId: string, from: number, limit: number, status?: Status): Promise<ResultPage> {
    const head = await this.ingestions.findById(ingestionId);
    if (head === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    return status === 'failed'
      ? this.failures(head, from, limit)
      : this.readRange(head, { seq: head.seq, from, to: Math.min(from + limit, head.total) }, status);
  }

  /** The pages behind one, each as it stands when it is read. */
  async *pagesAfter(
    ingestionId: string,
    { next }: ResultPage,
    limit: number,
    status?: Status,
  ): AsyncGenerator<ResultPage, undefined> {
    for (let from = next; from !== null;) {
      await nextTurn(); // a fast reader never makes the stream wait: others must not wait for all of it
      const page = await this.page(ingestionId, from, limit, status);
      yield page;
      from = page.next;
    }
    return undefined;
  }

  /** Of every id from position `from` on that stands before `to`. */
  async *range(ingestionId: string, from: number, to: number): AsyncGenerator<Result, undefined> {
    for (let position = from; position < to;) {
      await nextTurn();
      const page = await this.page(ingestionId, position, Math.min(IDS_PER_STEP, to - position));
      yield* page.results;
      position = page.next ?? to;
    }
    return undefined;
  }

  private async failures(head: IngestionRecord, from: number, limit: number): Promise<ResultPage> {
    const failures = await this.store.failures({ seq: head.seq, from, to: head.total }, limit);
    const places = failures.map(({ position, kind, message }): IdResult => ({
      position,
      status: 'failed',
      error: { kind, message },
    }));
    const last = places.length === limit ? places.at(-1) : undefined;
    return { results: await this.withIds(head, places), next: last === undefined ? null : last.position + 1 };
  }

  private async readRange(
    head: IngestionRecord,
    positionRange: PositionRange,
    status?: Status,
  ): Promise<ResultPage> {
    const { from } = positionRange;
    const size = Math.max(positionRange.to - from, 0);
    const [runs, failures] = await Promise.all([
      this.store.chunks(positionRange, size + 1, BYTES_PER_PAGE),
      this.store.failures(positionRange, size),
    ]);
    const to = toRangeEnd(runs, positionRange);
    const places = new Map<number, IdResult>();
    for (const run of runs) {
      unpackResults(run).forEach((dataJson, i) => {
        const position = run.first + i;
        places.set(position, { position, status: 'completed', ...(dataJson !== null && { dataJson }) });
      });
    }
    for (const { position, kind, message } of failures) {
      places.set(position, { position, status: 'failed', error: { kind, message } });
    }
    const wanted: IdResult[] = [];
    for (let position = from; position < to; position++) {
      const place = places.get(position) ?? { position, status: statusWithoutResult(head, position) };
      if (status === undefined || place.status === status) {
        wanted.push(place);
      }
    }
    return { results: await this.withIds(head, wanted), next: to < head.total ? to : null };
  }

  private async withIds(
    { seq, ingestionId }: IngestionRecord,
    places: readonly IdResult[],
  ): Promise<readonly Result[]> {
    if (places.length === 0) {
      return [];
    }
    const packedIds = await this.store.readIds(ingestionId, toRanges(seq, places));
    // Read last: where the list has this number still, all that was read under it is of this list.
    if (packedIds === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    return places.map((place, i) => ({
      ...place,
      packedId: packedIds.subarray(i * BYTES_PER_ID, (i + 1) * BYTES_PER_ID),
    }));
  }
}

/** Where the runs that were read end, if more stand behind them. */
function toRangeEnd(runs: readonly ResultChunk[], { to }: PositionRange): number {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const last = runs.at(-1);
  return last !== undefined && bytes >= BYTES_PER_PAGE ? Math.min(to, last.first + last.size) : to;
}

/** Of an id with no answer kept that did not give up: what completed while results were not kept is known by the end. */
function statusWithoutResult(head: IngestionRecord, position: number): Status {
  if (head.cancelledAtMs !== null && (position >= head.dispatched || isTerminal(head))) {
    return 'cancelled';
  }
  if (isTerminal(head)) {
    return 'completed';
  }
  return position < head.dispatched ? 'triggered' : 'yet_to_start';
}

function toRanges(seq: number, places: readonly IdResult[]): PositionRange[] {
  const stretches: { seq: number; from: number; to: number }[] = [];
  for (const { position } of places) {
    const last = stretches.at(-1);
    if (last?.to === position) {
      last.to += 1;
    } else {
      stretches.push({ seq, from: position, to: position + 1 });
    }
  }
  return stretches;
}
