import { Injectable } from '@nestjs/common';
import type { BulkActionKind } from './bulk-action.repository.js';
import { isOfDeadLetters, type BulkTarget } from './bulk-target.js';
import { DeadLetterTarget } from './dead-letter-target.js';
import { IngestionTarget } from './ingestion-target.js';

/** Chooses the target of a bulk action. */
@Injectable()
export class BulkTargets {
  constructor(
    private readonly ingestions: IngestionTarget,
    private readonly deadLetters: DeadLetterTarget,
  ) {}

  of(action: BulkActionKind): BulkTarget {
    return isOfDeadLetters(action) ? this.deadLetters : this.ingestions;
  }
}
