import fc from 'fast-check';
import type { Priority, PriorityRank } from '../../src/domain/priority.js';
import {
  BULK_ACTION_KINDS,
  type BulkActionKind,
} from '../../src/operations/bulk-actions/bulk-action.repository.js';
import type { FillTerms } from '../../src/scheduler/queue/fill.js';
import type { ClaimTerms } from '../support/claims.js';
import { LANES } from './reference.js';
import type { Timing } from './timing.js';

/** A list that a client submits. A `key` is its idempotency key; the content is the number of ids. */
export interface NewList {
  readonly lane: string;
  readonly client: string | null;
  readonly priority: Priority;
  readonly size: number;
  readonly key: number | null;
  /** The value of its label `shop`; null if it has none. */
  readonly shop: Shop | null;
  /** The times from the acceptance on at which it falls due and expires; null if there is none. */
  readonly dueInMs: number | null;
  readonly expiresInMs: number | null;
}

export type Shop = 'a' | 'b';

/** The lists or dead letters that a bulk action selects; null selects all. */
export interface BulkFilter {
  readonly lane: string | null;
  readonly shop: Shop | null;
}

export type Ending = 'completed' | 'failed' | 'postponed' | { readonly retryInMs: number };

/** An event of a random run. `which` picks one of the existing items, by its remainder. */
export type Step =
  | { readonly do: 'accept'; readonly lists: readonly NewList[] }
  | { readonly do: 'claim'; readonly lane: string; readonly lateMs: number }
  | { readonly do: 'hold'; readonly lane: string; readonly ms: number }
  | { readonly do: 'pause' | 'resume'; readonly lane: string }
  | { readonly do: 'settle'; readonly which: number; readonly endings: readonly Ending[] }
  | { readonly do: 'settle late'; readonly which: number }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'renew'; readonly which: number }
  | { readonly do: 'take over' }
  | { readonly do: 'redrive'; readonly which: number | null; readonly limit: number }
  | { readonly do: 'cancel'; readonly which: number; readonly limit: number }
  | {
      readonly do: 'reprioritise';
      readonly which: number;
      readonly priority: Priority;
      readonly limit: number;
    }
  | {
      readonly do: 'bulk';
      readonly action: BulkActionKind;
      readonly filter: BulkFilter;
      readonly priority: Priority;
    }
  | { readonly do: 'admit'; readonly lane: string }
  | { readonly do: 'forget'; readonly ageMs: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'restart' };

/** A random run: the terms, and the steps under them. */
export interface Scenario {
  readonly terms: Omit<ClaimTerms, 'lane' | 'fill'> & { readonly fill: FillTerms | null };
  /** True if both lanes have quiet hours, see `quiet-times.ts`. */
  readonly hasQuietHours: boolean;
  readonly windowMs: number;
  readonly steps: readonly Step[];
}

const which = fc.nat(1000);

const lane = fc.constantFrom(...LANES);

const shop = fc.constantFrom<Shop>('a', 'b');

const priority = fc.constantFrom<Priority>('HIGH', 'MEDIUM', 'LOW');

function newList(times: fc.Arbitrary<number>): fc.Arbitrary<NewList> {
  return fc.record({
    lane,
    client: fc.constantFrom('alice', 'bob', 'carol', null),
    priority,
    size: fc.oneof(
      { weight: 15, arbitrary: fc.integer({ min: 1, max: 2 }) },
      { weight: 15, arbitrary: fc.integer({ min: 1, max: 9 }) },
      { weight: 4, arbitrary: fc.constant(40) },
      // 501 ids fill more than one chunk.
      fc.constant(501),
    ),
    key: fc.option(fc.nat(2), { freq: 3 }),
    shop: fc.oneof(fc.constant(null), shop),
    dueInMs: fc.oneof(fc.constant(null), times),
    expiresInMs: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, times),
  });
}

/** Generates random runs, long ones preferred: most faults need many steps. */
export function arbitraryScenario({ quantumMs, oddMs, lateMs, limits }: Timing): fc.Arbitrary<Scenario> {
  const quanta = (...numbers: readonly number[]): fc.Arbitrary<number> =>
    fc.constantFrom(...numbers.map((number) => number * quantumMs));
  const ms =
    oddMs.length === 0 ? quanta(1, 2, 3, 4, 5) : fc.oneof(quanta(1, 2, 3, 6), fc.constantFrom(...oddMs));
  const soon = fc.oneof(
    quanta(1, 2, 3, 6),
    fc.constantFrom(...oddMs, quantumMs).filter((odd) => odd < 10 * quantumMs),
  );
  const ending: fc.Arbitrary<Ending> = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Ending>('completed') },
    fc.constant<Ending>('failed'),
    fc.constant<Ending>('postponed'),
    { weight: 2, arbitrary: fc.record({ retryInMs: fc.oneof(fc.constant(0), ms) }) },
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('accept'),
        lists: fc.array(newList(soon), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('claim'), lane, lateMs: fc.constantFrom(...lateMs) }),
    },
    fc.record({ do: fc.constant('hold'), lane, ms: quanta(1, 2) }),
    fc.record({ do: fc.constantFrom('pause', 'resume', 'resume'), lane }),
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('settle'),
        which,
        endings: fc.array(ending, { minLength: 1, maxLength: 7 }),
      }),
    },
    fc.record({ do: fc.constant('settle late'), which }),
    fc.record({ do: fc.constant('release'), which }),
    fc.record({ do: fc.constant('renew'), which }),
    { weight: 2, arbitrary: fc.constant({ do: 'take over' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('redrive'),
        which: fc.option(which),
        limit: fc.constantFrom(...limits),
      }),
    },
    fc.record({ do: fc.constant('cancel'), which, limit: fc.constantFrom(...limits) }),
    fc.record({
      do: fc.constant('reprioritise'),
      which,
      priority,
      limit: fc.constantFrom(...limits),
    }),
    fc.record({
      do: fc.constant('bulk'),
      action: fc.constantFrom(...BULK_ACTION_KINDS),
      filter: fc.record({ lane: fc.option(lane), shop: fc.oneof(fc.constant(null), shop) }),
      priority,
    }),
    fc.record({ do: fc.constant('admit'), lane }),
    fc.record({ do: fc.constant('forget'), ageMs: quanta(1, 3) }),
    { weight: 5, arbitrary: fc.record({ do: fc.constant('wait'), ms }) },
    fc.constant({ do: 'restart' }),
  );
  return fc.record({
    terms: fc.record({
      batchSize: fc.integer({ min: 1, max: 7 }),
      delayMs: quanta(0, 1, 2),
      leaseMs: quanta(2, 6),
      agingMs: fc.oneof(fc.constant(null), quanta(3, 6)),
      fairShare: fc.boolean(),
      fill: fc.oneof(
        fc.constant(null),
        fc.record({
          minFill: fc.integer({ min: 2, max: 7 }),
          maxWaitMs: quanta(1, 2, 3),
          exemptRanks: fc.constantFrom<readonly PriorityRank[]>([], [0], [0, 1]),
        }),
      ),
    }),
    hasQuietHours: fc.boolean(),
    windowMs: quanta(3),
    steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
  });
}
