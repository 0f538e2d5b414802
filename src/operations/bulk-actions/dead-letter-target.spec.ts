import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { idRange } from '../../../test/support/lists.js';
import type { AuditEntry } from '../../domain/audit.js';
import type { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import type { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import type { DeadLetterCounter } from '../dead-letters/dead-letter-counter.js';
import type { DeadLetterRepository } from '../dead-letters/dead-letter.repository.js';
import type { BulkAction } from './bulk-action.repository.js';
import { DeadLetterTarget } from './dead-letter-target.js';

const AUDIT: AuditEntry = {
  entryId: randomUUID(),
  action: 'discard',
  actor: { client: null, address: null, requestId: null },
};

describe('A bulk action on dead letters', () => {
  it.each(['discard', 'redrive'] as const)(
    'changes few of them in a transaction (%s), so that it stalls nobody',
    async (action) => {
      const change = jest.fn(async (numbers: readonly number[]) => numbers.length);
      const found = idRange(1, 250).map((deadLetterNo) => ({ failedAtMs: 5, deadLetterNo }));
      const deadLetters: Pick<DeadLetterRepository, 'scan' | 'discardNumbers' | 'redriveNumbers'> = {
        scan: async () => ({ found, next: null }),
        discardNumbers: change,
        redriveNumbers: change,
      };
      const target = new DeadLetterTarget(
        deadLetters as DeadLetterRepository,
        {} as DeadLetterCounter,
        { notifyArrival: () => undefined } as PriorityQueue,
        { acceptingNames: ['default'] } as unknown as LaneRegistry,
        new ManualClock(),
      );
      const bound = { upTo: 250, newestMs: 0 };
      const step = await target.step(
        { action, filter: {}, bound, place: null } as unknown as BulkAction,
        AUDIT,
      );

      expect(change.mock.calls.map(([numbers]) => numbers.length)).toEqual([100, 100, 50]);
      expect(change.mock.calls.flatMap(([numbers]) => numbers)).toEqual(idRange(1, 250));
      expect(step).toEqual({ place: null, ingestions: 0, skipped: 0, isLast: true });
    },
  );
});
