import { Injectable } from '@nestjs/common';
import type { Status } from '../../domain/batch-status.js';
import { BYTES_PER_ID } from '../../domain/packed-ids.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { isTerminal } from '../../domain/ingestion-version.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import type { AttemptError } from '../../domain/dispatch.js';
import type { Labels } from '../../domain/labels.js';
import { unpackResults, type ResultChunk } from '../../domain/result-chunk.js';
import { Runtime } from '../../domain/runtime.js';
import { mapPages } from '../map-pages.js';
import { ResultRepository, type PositionRange } from './result.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A page ends with the chunk that reaches this size. */
const BYTES_PER_PAGE = 1024 * 1024;
/** The same for a page of a long response, which is in memory as long as its client does not read it. */
const BYTES_PER_STREAMED_PAGE = 512 * 1024;
const IDS_PER_STEP = 1000;

/** The state of one id and its result. */
export interface Result {
  readonly position: number;
  /** One id in the format of `packIds`. */
  readonly packedId: Uint8Array;
  readonly status: Status;
  /** The upstream's data as exact JSON; absent if there was none. */
  readonly dataJson?: string;
  readonly error?: AttemptError;
}

/** Consecutive results of an ingestion, in the order of its ids. */
export interface ResultPage {
  readonly results: readonly Result[];
  /** The position at which the next page starts; null on the last page. */
  readonly next: number | null;
  /** The labels of the ingestion; null if it has none. */
  readonly labels: Labels | null;
}

type IdResult = Omit<Result, 'packedId'>;

/** Reads the result of each id. Every method throws UnknownIngestionError or StoreUnavailableError. */
@Injectable()
export class ResultService {
  /** False if only outcomes are stored, without the upstream's data. */
  readonly storesResults: boolean;

  constructor(
    private readonly ingestions: IngestionRepository,
    private readonly store: ResultRepository,
    options: SchedulerOptions,
    private readonly runtime: Runtime,
  ) {
    this.storesResults = options.storesResults;
  }

  /**
   * Returns the results of at most `limit` ids from position `from` on, fewer if their data is long. With a status it
   * returns only matching ids among these; for `failed` it searches the whole ingestion for up to `limit` ids.
   */
  async page(
    ingestionId: string,
    from: number,
    limit: number,
    status?: Status,
    maxBytes = BYTES_PER_PAGE,
  ): Promise<ResultPage> {
    const head = await this.find(ingestionId);
    try {
      return await this.pageOf(head, from, limit, maxBytes, status);
    } catch (error) {
      const now = error instanceof UnknownIngestionError ? await this.find(ingestionId) : head;
      if (now.seq === head.seq) {
        throw error;
      }
      return this.pageOf(now, from, limit, maxBytes, status); // it has fallen due meanwhile and has a new number
    }
  }

  private async find(ingestionId: string): Promise<IngestionRecord> {
    const head = await this.ingestions.findById(ingestionId);
    if (head === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    return head;
  }

  private pageOf(
    head: IngestionRecord,
    from: number,
    limit: number,
    maxBytes: number,
    status: Status | undefined,
  ): Promise<ResultPage> {
    return status === 'failed'
      ? this.failures(head, from, limit)
      : this.readRange(
          head,
          { seq: head.seq, from, to: Math.min(from + limit, head.total) },
          maxBytes,
          status,
        );
  }

  /**
   * Yields what `map` makes of each page from position `start` on, see `mapPages`. Each page shows the state at the time
   * it is read.
   */
  mapPages<T>(
    ingestionId: string,
    start: number,
    limit: number,
    status: Status | undefined,
    map: (page: ResultPage) => T,
  ): AsyncGenerator<T, void> {
    return mapPages(
      this.runtime,
      start,
      (from) => this.page(ingestionId, from, limit, status, BYTES_PER_STREAMED_PAGE),
      map,
    );
  }

  /** Yields the result of every id from position `from` up to, but not including, `to`. */
  async *range(ingestionId: string, from: number, to: number): AsyncGenerator<Result, undefined> {
    for (let position = from; position < to;) {
      await this.runtime.nextTurn();
      const limit = Math.min(IDS_PER_STEP, to - position);
      const page = await this.page(ingestionId, position, limit, undefined, BYTES_PER_STREAMED_PAGE);
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
    return {
      results: await this.withIds(head, places),
      next: last === undefined ? null : last.position + 1,
      labels: head.labels,
    };
  }

  private async readRange(
    head: IngestionRecord,
    positionRange: PositionRange,
    maxBytes: number,
    status?: Status,
  ): Promise<ResultPage> {
    const { from } = positionRange;
    const size = Math.max(positionRange.to - from, 0);
    const [chunks, failures] = await Promise.all([
      this.store.chunks(positionRange, size + 1, maxBytes),
      this.store.failures(positionRange, size),
    ]);
    const to = toRangeEnd(chunks, positionRange, maxBytes);
    const places = new Map<number, IdResult>();
    for (const chunk of chunks) {
      unpackResults(chunk).forEach((dataJson, i) => {
        const position = chunk.first + i;
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
    return {
      results: await this.withIds(head, wanted),
      next: to < head.total ? to : null,
      labels: head.labels,
    };
  }

  private async withIds(
    { seq, ingestionId }: IngestionRecord,
    places: readonly IdResult[],
  ): Promise<readonly Result[]> {
    if (places.length === 0) {
      return [];
    }
    const packedIds = await this.store.readIds(ingestionId, toRanges(seq, places));
    // This read comes last: if the number still belongs to this ingestion, everything read before does too.
    if (packedIds === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    return places.map((place, i) => ({
      ...place,
      packedId: packedIds.subarray(i * BYTES_PER_ID, (i + 1) * BYTES_PER_ID),
    }));
  }
}

/** Returns the end of the read chunks if more chunks may follow them, else the end of the range. */
function toRangeEnd(chunks: readonly ResultChunk[], { to }: PositionRange, maxBytes: number): number {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const last = chunks.at(-1);
  return last !== undefined && bytes >= maxBytes ? Math.min(to, last.first + last.size) : to;
}

/**
 * Derives the status of an id that neither failed nor has a stored result. Results may not have been stored when it
 * completed; such an id is known to be completed only once the ingestion is finished.
 */
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
  const ranges: { seq: number; from: number; to: number }[] = [];
  for (const { position } of places) {
    const last = ranges.at(-1);
    if (last?.to === position) {
      last.to += 1;
    } else {
      ranges.push({ seq, from: position, to: position + 1 });
    }
  }
  return ranges;
}
