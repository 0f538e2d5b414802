import { expect, test } from '@jest/globals';
import { PLANTED_FAULTS } from './protocol/planted-faults.js';
import { describeWithSpin, LANE_MODEL, searchFor } from './protocol/spin.js';

const PATIENT_MS = 5 * 60_000;

/** A search that ends sooner has not gone through the protocol: fewer states than the smallest lane has. */
const FEWEST_STATES = 100_000;

describeWithSpin('the protocol of two replicas, of which one may end at any point', () => {
  test.each([
    { lane: 'a delay', rules: 0 },
    { lane: 'a limit for each window', rules: 1 },
    { lane: 'a limit for each window and one of calls in flight', rules: 2 },
  ] as const)(
    'keeps every promise in every state of a lane with $lane',
    async ({ rules }) => {
      const { violation, states } = await searchFor('all states', LANE_MODEL, rules);
      expect(violation).toBeNull();
      expect(states).toBeGreaterThan(FEWEST_STATES);
    },
    PATIENT_MS,
  );

  test.each(PLANTED_FAULTS)(
    'breaks a promise if $name',
    async ({ rules, from, to }) => {
      expect(LANE_MODEL.split(from)).toHaveLength(2);
      const { violation } = await searchFor(
        'a violation',
        LANE_MODEL.replace(from, () => to),
        rules,
      );
      expect(violation).toContain('assertion violated');
    },
    PATIENT_MS,
  );
});
