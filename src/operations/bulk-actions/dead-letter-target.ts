import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../domain/audit.js';
import { Runtime } from '../../domain/runtime.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { DeadLetterCounter } from '../dead-letters/dead-letter-counter.js';
import { DeadLetterRepository, type DeadLetterFilter } from '../dead-letters/dead-letter.repository.js';
import { toDeadLetterFilter } from '../dead-letters/dto/dead-letter.mapper.js';
import type { BulkAction, BulkActionBound, NewBulkAction } from './bulk-action.repository.js';
import type { BulkCount, BulkStep, BulkTarget } from './bulk-target.js';
import { HalfTime } from './half-time.js';

/** Dead letters that one step reads, and changes if they match. */
const LETTERS_PER_STEP = 500;
/** Dead letters that one transaction changes: a few milliseconds of work for the store. */
const LETTERS_PER_CHANGE = 100;

/** Redrives and discards dead letters, the newest first. */
@Injectable()
export class DeadLetterTarget implements BulkTarget {
  private readonly halfTime: HalfTime;

  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly counter: DeadLetterCounter,
    private readonly queue: PriorityQueue,
    private readonly lanes: LaneRegistry,
    runtime: Runtime,
  ) {
    this.halfTime = new HalfTime(runtime);
  }

  async freeze(): Promise<BulkActionBound> {
    return { upTo: await this.deadLetters.latestNumber(), newestMs: 0 };
  }

  async count(plan: Pick<NewBulkAction, 'filter' | 'bound'>): Promise<BulkCount> {
    const { ids, ingestions } = await this.counter.countAll(toFilter(plan));
    return { ids, ingestions };
  }

  async step(action: BulkAction, audit: AuditEntry): Promise<BulkStep> {
    const { place } = action;
    const before = place === null ? null : { failedAtMs: place.atMs, deadLetterNo: place.no };
    const { found, next } = await this.deadLetters.scan(toFilter(action), before, LETTERS_PER_STEP);
    const numbers = found.map(({ deadLetterNo }) => deadLetterNo);
    let changed = 0;
    for (let from = 0; from < numbers.length; from += LETTERS_PER_CHANGE) {
      const some = numbers.slice(from, from + LETTERS_PER_CHANGE);
      changed += await this.halfTime.around(() => this.change(action, some, audit));
    }
    return {
      place: next === null ? null : { atMs: next.failedAtMs, no: next.deadLetterNo },
      ingestions: 0,
      skipped: numbers.length - changed,
      isLast: next === null,
    };
  }

  private async change(
    { action }: BulkAction,
    numbers: readonly number[],
    audit: AuditEntry,
  ): Promise<number> {
    if (action === 'discard') {
      return this.deadLetters.discardNumbers(numbers, audit);
    }
    const redriven = await this.deadLetters.redriveNumbers(
      numbers,
      { lanes: this.lanes.acceptingNames },
      audit,
    );
    this.queue.notifyArrival();
    return redriven;
  }
}

function toFilter({ filter, bound }: Pick<NewBulkAction, 'filter' | 'bound'>): DeadLetterFilter {
  return { ...toDeadLetterFilter(filter), upTo: bound.upTo };
}
