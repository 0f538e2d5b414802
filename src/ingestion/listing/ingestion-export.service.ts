import { Injectable } from '@nestjs/common';
import type { IngestionCursor, IngestionRecord } from '../../domain/ingestion.js';
import { Runtime } from '../../domain/runtime.js';
import { mapPages } from '../map-pages.js';
import { IngestionListService, NEWEST, type IngestionFilter } from './ingestion-list.service.js';

/** Ingestions in one piece of an export: few enough that other requests do not wait for it. */
const INGESTIONS_PER_PIECE = 500;

/** Writes all ingestions that match a filter, piece by piece. */
@Injectable()
export class IngestionExportService {
  constructor(
    private readonly list: IngestionListService,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Yields what `write` makes of each page after the cursor `after` (null: from the newest on). A piece is empty where
   * no ingestion of its page matches. Ingestions that are accepted meanwhile are not included.
   * @throws StoreUnavailableError where the store fails
   */
  pieces(
    filter: IngestionFilter,
    after: IngestionCursor | null,
    write: (ingestions: readonly IngestionRecord[]) => string,
  ): AsyncGenerator<string, void> {
    return mapPages(
      this.runtime,
      after ?? NEWEST,
      (cursor: IngestionCursor) => this.list.list(filter, cursor, INGESTIONS_PER_PIECE),
      ({ ingestions }) => write(ingestions),
    );
  }
}
