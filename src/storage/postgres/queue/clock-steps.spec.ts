import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { packIds } from '../../../domain/packed-ids.js';
import type { Dispatch } from '../../../domain/dispatch.js';
import { parseLimits } from '../../../domain/limits/parse-limits.js';
import { LaneRules } from '../../../scheduler/rules/lane-rules.js';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import type { PostgresStore } from '../store.js';
import { type SingleClaim, claimFrom, settleOne } from '../../../../test/support/claims.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** The time that the test itself may take. */
const SLACK_MS = 10 * SECOND;
const TERMS = { lane: 'default', batchSize: 1, delayMs: 5 * MINUTE, leaseMs: MINUTE, agingMs: null };
/** Longer than a claim takes on a busy machine. */
const LEASE_MS = 500;
const AT_ONCE = { ...TERMS, delayMs: 0 };

/** Two replicas on a server whose clock the tests set. */
describe('When the clock of the PostgreSQL server is set', () => {
  const postgres = usePostgres();
  let schema: string;
  let replicas: readonly [PostgresStore, PostgresStore];
  let warned: jest.SpiedFunction<Logger['warn']>;

  beforeEach(async () => {
    warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    schema = postgres.emptySchema();
    replicas = [await postgres.open({ schema }), await postgres.open({ schema })];
    // Each process must have read the clock once: a step before its first reading cannot be detected.
    await claimFrom(replicas[0], TERMS);
    await claimFrom(replicas[1], TERMS);
  });
  afterEach(() => {
    warned.mockRestore();
  });

  async function setClockBy(ms: number): Promise<void> {
    await postgres.run(
      `CREATE OR REPLACE FUNCTION "${schema}".store_now() RETURNS float8 LANGUAGE sql VOLATILE
       AS 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 + ${String(ms)}'`,
    );
  }

  async function accept(...ids: number[]): Promise<void> {
    await replicas[0].ingestions.acceptAll([
      { ingestionId: randomUUID(), lane: 'default', priority: 'HIGH', client: null, packedIds: packIds(ids) },
    ]);
  }

  async function dispatch(replica: PostgresStore, terms = TERMS): Promise<Dispatch> {
    const claim = await claimFrom(replica, terms);
    if (claim.kind !== 'dispatch') {
      throw new Error(`no dispatch, but ${JSON.stringify(claim)}`);
    }
    return claim.dispatch;
  }

  function msUntil(claim: SingleClaim): number {
    return 'opensInMs' in claim ? claim.opensInMs : 0;
  }

  const steps = (): string[] =>
    warned.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('has stepped'));

  describe.each([
    ['forward by 10 minutes', 10 * MINUTE],
    ['back by 5 minutes', -5 * MINUTE],
  ])('%s', (_, stepMs) => {
    it.each([
      ['seen', true],
      ['not seen', false],
    ])('no slot opens early or late that another replica has %s taken before', async (_seen, isSeen) => {
      await accept(1, 2);
      await dispatch(replicas[0]);
      if (isSeen) {
        await claimFrom(replicas[1], TERMS);
      }
      await setClockBy(stepMs);

      for (const replica of [replicas[1], replicas[0], replicas[1]]) {
        const claim = await claimFrom(replica, TERMS);
        expect(claim.kind).toBe('slot_closed');
        expect(msUntil(claim)).toBeGreaterThan(TERMS.delayMs - SLACK_MS);
        expect(msUntil(claim)).toBeLessThanOrEqual(TERMS.delayMs);
      }
    });

    it('no slot opens early where it was taken after the clock was set', async () => {
      await accept(1, 2);
      await setClockBy(stepMs);
      await dispatch(replicas[0]);

      const claim = await claimFrom(replicas[1], TERMS);
      expect(claim.kind).toBe('slot_closed');
      expect(msUntil(claim)).toBeGreaterThan(TERMS.delayMs - SLACK_MS);
    });

    it.each([
      ['before', true],
      ['after', false],
    ])('no window opens early that counts a departure from %s the step', async (_when, isBefore) => {
      const limits = parseLimits([{ calls: 1, per: TERMS.delayMs / SECOND }]);
      const rules = new LaneRules({ limits, batchSize: 1, isPerId: false, timeoutMs: SECOND });
      const terms = { ...AT_ONCE, rules };
      await accept(1, 2);
      if (isBefore) {
        await dispatch(replicas[0], terms);
        await setClockBy(stepMs);
      } else {
        await setClockBy(stepMs);
        await dispatch(replicas[0], terms);
      }

      for (const replica of [replicas[1], replicas[0]]) {
        const claim = await claimFrom(replica, terms);
        expect(claim.kind).toBe('slot_closed');
        expect(msUntil(claim)).toBeGreaterThan(TERMS.delayMs - SLACK_MS);
        expect(msUntil(claim)).toBeLessThan(TERMS.delayMs + SLACK_MS);
      }
    });

    it('no lease lapses, neither before nor after it is noticed', async () => {
      await accept(1, 2);
      await dispatch(replicas[0], AT_ONCE);
      await setClockBy(stepMs);
      expect(await replicas[1].dispatches.reclaimExpired()).toEqual([]);
      await dispatch(replicas[1], AT_ONCE);

      expect(await replicas[0].dispatches.reclaimExpired()).toEqual([]);
      expect(await replicas[1].dispatches.reclaimExpired()).toEqual([]);
    });

    it('a lease lapses when its time is over', async () => {
      await accept(1);
      const { dispatchId } = await dispatch(replicas[0], { ...AT_ONCE, leaseMs: LEASE_MS });
      await setClockBy(stepMs);
      await claimFrom(replicas[1], { ...AT_ONCE, leaseMs: LEASE_MS });
      await sleep(LEASE_MS + 100);

      expect(await replicas[1].dispatches.reclaimExpired()).toEqual([dispatchId]);
    });

    it('a retry is due when it was due before', async () => {
      await accept(1);
      const dispatched = await dispatch(replicas[0], AT_ONCE);
      const error = { kind: 'upstream', message: 'not now' } as const;
      await settleOne(replicas[0], dispatched, [{ kind: 'retry', delayMs: MINUTE, error }]);
      await setClockBy(stepMs);

      const claim = await claimFrom(replicas[1], AT_ONCE);
      const dueInMs = claim.kind === 'nothing_due' ? (claim.dueInMs ?? 0) : 0;
      expect(dueInMs).toBeGreaterThan(MINUTE - SLACK_MS);
      expect(dueInMs).toBeLessThanOrEqual(MINUTE + SECOND);
    });

    it('a retry that was due stays due', async () => {
      await accept(1);
      const dispatched = await dispatch(replicas[0], AT_ONCE);
      const error = { kind: 'upstream', message: 'not now' } as const;
      await settleOne(replicas[0], dispatched, [{ kind: 'retry', delayMs: 0, error }]);
      await setClockBy(stepMs);

      expect((await dispatch(replicas[1], AT_ONCE)).parts).toHaveLength(1);
    });

    it.each(['settles', 'releases'])(
      'a retry is not late by it that a replica %s before it notices',
      async (how) => {
        await accept(1);
        const dispatched = await dispatch(replicas[0], AT_ONCE);
        await setClockBy(stepMs);
        const error = { kind: 'upstream', message: 'not now' } as const;
        await (how === 'settles'
          ? settleOne(replicas[0], dispatched, [{ kind: 'retry', delayMs: 0, error }])
          : replicas[0].dispatches.release([dispatched]));
        const claim = await claimFrom(replicas[1], AT_ONCE);
        const dueInMs = claim.kind === 'nothing_due' ? (claim.dueInMs ?? Infinity) : 0;
        expect(dueInMs).toBeLessThanOrEqual(SLACK_MS);
      },
    );

    it('a hold that has ended does not begin again', async () => {
      await accept(1);
      await replicas[0].dispatches.holdLane('default', 0);
      await setClockBy(stepMs);

      expect((await dispatch(replicas[1], AT_ONCE)).parts).toHaveLength(1);
    });

    it('a hold does not last longer that a replica begins before it notices', async () => {
      await accept(1);
      await setClockBy(stepMs);
      await replicas[0].dispatches.holdLane('default', MINUTE);

      expect(msUntil(await claimFrom(replicas[1], TERMS))).toBeLessThanOrEqual(MINUTE + SECOND);
    });

    it('calls that an upstream refused are let go when they would have been before', async () => {
      await accept(1, 2);
      const dispatched = await dispatch(replicas[0], AT_ONCE);
      await setClockBy(stepMs);
      await replicas[0].dispatches.limitCalls(dispatched, { remaining: 0, forMs: MINUTE, isPerId: false });

      expect(msUntil(await claimFrom(replicas[1], AT_ONCE))).toBeLessThanOrEqual(MINUTE + SECOND);
    });

    it('a hold ends when it would have ended before', async () => {
      await accept(1);
      await replicas[0].dispatches.holdLane('default', MINUTE);
      await setClockBy(stepMs);

      const claim = await claimFrom(replicas[1], TERMS);
      expect(claim.kind).toBe('held');
      expect(msUntil(claim)).toBeGreaterThan(MINUTE - SLACK_MS);
      expect(msUntil(claim)).toBeLessThanOrEqual(MINUTE + SECOND);
    });

    it('each replica tells it once, and the times are moved once', async () => {
      await setClockBy(stepMs);
      for (let i = 0; i < 3; i++) {
        await Promise.all(replicas.map((replica) => claimFrom(replica, TERMS)));
      }

      const seconds = `${stepMs > 0 ? '+' : ''}${(stepMs / SECOND).toFixed(0)}`;
      expect(steps()).toHaveLength(2);
      expect(steps().join()).toContain(seconds.slice(0, 3));
      const [row] = await postgres.run(`SELECT clock_steps FROM "${schema}".gate WHERE lane_no = 1`);
      expect(Number(row?.['clock_steps'])).toBe(1);
    });
  });

  it('no slot opens early by a step of less than a second', async () => {
    await accept(1, 2);
    const startedMs = performance.now();
    await dispatch(replicas[0]);
    await setClockBy(0.9 * SECOND);

    const claim = await claimFrom(replicas[1], TERMS);
    expect(msUntil(claim) + performance.now() - startedMs).toBeGreaterThanOrEqual(TERMS.delayMs);
  });

  it('forth and back again, all is as it was', async () => {
    await accept(1, 2);
    await dispatch(replicas[0]);
    await setClockBy(10 * MINUTE);
    await claimFrom(replicas[1], TERMS);
    await setClockBy(0);

    for (const replica of replicas) {
      const claim = await claimFrom(replica, TERMS);
      expect(claim.kind).toBe('slot_closed');
      expect(msUntil(claim)).toBeGreaterThan(TERMS.delayMs - SLACK_MS);
    }
  });
});
