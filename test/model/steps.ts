import fc from 'fast-check';
import type { Priority } from '../../src/ingestion/priority.js';
import type { ClaimTerms } from '../../src/scheduler/dispatch.store.js';

/**
 * Delays, leases and windows are whole quanta, far longer than all the real time that a run takes: which of two moments
 * is the later one is then never a matter of how fast the machine is.
 */
export const QUANTUM_MS = 60_000;

/** A list that a client hands over. Lists with a `key` name a request; the content is the number of ids. */
export interface List {
  readonly priority: Priority;
  readonly size: number;
  readonly key: number | null;
}

export type Ending = 'completed' | 'failed' | { readonly retryInQuanta: number };

/** What happens to the gate. `which` picks one of the dispatches in flight or of those that ended, by its remainder. */
export type Step =
  | { readonly do: 'accept'; readonly lists: readonly List[] }
  | { readonly do: 'claim' }
  | { readonly do: 'settle'; readonly which: number; readonly endings: readonly Ending[] }
  | { readonly do: 'settle late'; readonly which: number }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'renew'; readonly which: number }
  | { readonly do: 'take over' }
  | { readonly do: 'redrive'; readonly which: number | null }
  | { readonly do: 'wait'; readonly quanta: number }
  | { readonly do: 'restart' };

export interface Story {
  readonly terms: ClaimTerms;
  readonly steps: readonly Step[];
}

export const WINDOW_QUANTA = 3;

const which = fc.nat(1000);

const list: fc.Arbitrary<List> = fc.record({
  priority: fc.constantFrom('HIGH', 'MEDIUM', 'LOW'),
  size: fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 1, max: 9 }) },
    { weight: 4, arbitrary: fc.constant(40) },
    // More than one chunk.
    fc.constant(501),
  ),
  key: fc.option(fc.nat(2), { freq: 3 }),
});

const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Ending>('completed') },
  fc.constant<Ending>('failed'),
  { weight: 2, arbitrary: fc.record({ retryInQuanta: fc.integer({ min: 0, max: 4 }) }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept'),
      lists: fc.array(list, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 7, arbitrary: fc.constant({ do: 'claim' }) },
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redrive'), which: fc.option(which) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), quanta: fc.integer({ min: 1, max: 5 }) }) },
  fc.constant({ do: 'restart' }),
);

const quanta = (...numbers: readonly number[]): fc.Arbitrary<number> =>
  fc.constantFrom(...numbers.map((number) => number * QUANTUM_MS));

const terms: fc.Arbitrary<ClaimTerms> = fc.record({
  batchSize: fc.integer({ min: 1, max: 7 }),
  delayMs: quanta(0, 1, 2),
  leaseMs: quanta(2, 6),
  agingMs: fc.oneof(fc.constant(null), quanta(3, 5)),
});

/** Terms and what happens under them. Long stories are where the trouble is. */
export const story: fc.Arbitrary<Story> = fc.record({
  terms,
  steps: fc.array(step, { minLength: 5, maxLength: 45, size: 'max' }),
});
