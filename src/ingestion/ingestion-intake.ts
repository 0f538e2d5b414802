import { Injectable } from '@nestjs/common';
import type { Id } from '../domain/packed-ids.js';
import { IngestionService, type AcceptedIngestion, type IngestionRequest } from './ingestion.service.js';
import { splitIntoBlocks } from './streaming/id-block-packer.js';
import { StreamService } from './streaming/stream.service.js';

/** Larger lists are staged first: one commit of all their ids would block every other request. */
const MAX_SINGLE_COMMIT_IDS = 100_000;

/** Accepts lists that are in memory, in one commit or staged, by their length. */
@Injectable()
export class IngestionIntake {
  constructor(
    private readonly service: IngestionService,
    private readonly streams: StreamService,
  ) {}

  /** Resolves after the commit. @throws the errors of {@link IngestionService.accept} */
  submit(ids: readonly Id[], submission: Omit<IngestionRequest, 'ids'>): Promise<AcceptedIngestion> {
    return ids.length > MAX_SINGLE_COMMIT_IDS
      ? this.streams.accept({ ...submission, blocks: splitIntoBlocks(ids), maxIds: ids.length })
      : this.service.accept({ ...submission, ids });
  }
}
