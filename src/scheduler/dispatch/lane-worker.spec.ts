import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { NEVER } from 'rxjs';
import { SystemRuntime } from '../../domain/system-runtime.js';
import type { Lane } from '../lanes/lane.js';
import type { ClaimRequest } from '../queue/claimed-lane.js';
import { LaneWorker, type LaneWorkerDependencies } from './lane-worker.js';

describe('The worker of a lane', () => {
  it('claims early only when its timer has fired early, not at a later wake-up', async () => {
    const claims: ClaimRequest[] = [];
    let fire: (isEarly: boolean) => void = () => undefined;
    let room = 0;
    const shared = {
      queue: {
        arrivals: () => NEVER,
        scheduledInMs: () => null,
        claim: async (request: ClaimRequest) => {
          claims.push(request);
          return { kind: 'paused' };
        },
      },
      runner: { roomIn: () => room, acceptsInMs: () => null },
      eventLoop: { yieldIfSpent: async () => undefined },
      timers: {
        create: (onFire: typeof fire) => {
          fire = onFire;
          return { set: () => undefined, clear: () => undefined };
        },
      },
      runtime: new SystemRuntime(),
      logger: new Logger(),
    } as unknown as LaneWorkerDependencies;
    const lane = {
      name: 'a',
      options: { batchDelayMs: 100, batchSize: 1 },
      breaker: { retryInMs: 0, status: () => ({ state: 'closed' }) },
      paceStatistics: { recordClaim: () => undefined },
    } as unknown as Lane;
    const worker = new LaneWorker(lane, shared);
    worker.start();
    fire(true); // finds no room
    await nextTurn();
    room = 1;
    worker.wake();
    await nextTurn();
    fire(true);
    await nextTurn();

    expect(claims.map(({ isEarly }) => isEarly)).toEqual([false, true]);
  });
});
