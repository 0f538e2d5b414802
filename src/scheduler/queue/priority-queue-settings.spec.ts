import { beforeEach, describe, expect, it } from '@jest/globals';
import { schedulerOptions } from '../../../test/support/options.js';
import {
  dispatchesOf,
  MemoryQueueFixture,
  SHARED,
  STORES,
} from '../../../test/support/memory-queue-fixture.js';
import type { Dispatch } from '../../domain/dispatch.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { Lane } from '../lanes/lane.js';
import { LaneOptions } from '../lanes/lane.options.js';
import { Configuration } from '../../platform/config/configuration.js';
import { UNPACED_LEAVE_MS } from './lane-grants.js';

const LIMITS = '[{ calls: 1, per: 60 }]';
const PACES = [
  ['with a delay', { BATCH_DELAY: '5' }],
  ['with limits', { LIMITS }],
  ['without a pace', { BATCH_DELAY: '0' }],
] as const;

function newLane(environment: Record<string, string>): Lane {
  const [options] = schedulerOptions(environment).lanes;
  const api = { description: 'none', sharesKey: false, process: () => Promise.resolve([]) };
  return new Lane(options, api, new SystemRuntime());
}

/** Sends the first request of a dispatch. */
async function send({ queue }: MemoryQueueFixture, dispatch: Dispatch): Promise<void> {
  expect(await queue.awaitStart(dispatch)).toBe(true);
  expect(await queue.awaitSendSlot(dispatch)).toBe(true);
  queue.recordSent(dispatch);
}

/** Changes the settings in the store, as any process does. */
function changeInStore({ store }: MemoryQueueFixture): void {
  const gate = store.gate();
  gate.settingsVersion += 1;
  gate.epoch += 1;
}

describe.each(STORES)('Settings that change, in a store %s', (_, sharing) => {
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    fixture.store.accept(0, 10);
  });

  async function claim(lane: Lane): Promise<Dispatch> {
    const [dispatch] = dispatchesOf(await fixture.claim(lane));
    if (dispatch === undefined) {
      throw new Error('nothing was claimed');
    }
    return dispatch;
  }

  it.each(PACES)('stop a claim in a lane %s that has other ones', async (_name, environment) => {
    const lane = newLane(environment);
    changeInStore(fixture);

    expect(await fixture.claim(lane)).toEqual({ kind: 'outdated', settingsVersion: 1 });
  });

  it.each(PACES)('stop a call in a lane %s as soon as its process knows them', async (_name, environment) => {
    const lane = newLane(environment);
    const dispatch = await claim(lane);
    expect(await fixture.queue.awaitStart(dispatch)).toBe(true);
    const { variables } = Configuration.read({ BATCH_DELAY: '7' });
    lane.options.replace(new LaneOptions('default', variables, 1));
    fixture.queue.settingsChanged(lane);

    expect(await fixture.queue.awaitSendSlot(dispatch)).toBe(false);
    expect(fixture.queue.refusalOf(dispatch)).toBe('outdated');
  });

  it.each(PACES)('stop a further request of a call in a lane %s', async (_name, environment) => {
    const lane = newLane(environment);
    const dispatch = await claim(lane);
    await send(fixture, dispatch);
    expect(await fixture.queue.awaitFurtherSend(dispatch)).toBe(true);
    const { variables } = Configuration.read({ BATCH_DELAY: '7' });
    lane.options.replace(new LaneOptions('default', variables, 1));
    fixture.queue.settingsChanged(lane);

    expect(await fixture.queue.awaitFurtherSend(dispatch)).toBe(false);
  });

  it('let a call leave whose settings are the same', async () => {
    const lane = newLane({ BATCH_DELAY: '0' });
    const dispatch = await claim(lane);
    fixture.clock.advance(10 * UNPACED_LEAVE_MS);

    expect(await fixture.queue.awaitSendSlot(dispatch)).toBe(true);
  });
});

describe('Settings that another process has changed', () => {
  it.each(PACES)('stop a late call in a lane %s', async (_name, environment) => {
    const fixture = new MemoryQueueFixture(SHARED);
    fixture.store.accept(0, 10);
    const lane = newLane(environment);
    const [dispatch] = dispatchesOf(await fixture.claim(lane));
    if (dispatch === undefined) {
      throw new Error('nothing was claimed');
    }
    changeInStore(fixture);
    fixture.clock.advance(10 * UNPACED_LEAVE_MS);

    expect(await fixture.queue.awaitSendSlot(dispatch)).toBe(false);
  });

  it.each(PACES)('stop a late further request of a call in a lane %s', async (_name, environment) => {
    const fixture = new MemoryQueueFixture(SHARED);
    fixture.store.accept(0, 10);
    const [dispatch] = dispatchesOf(await fixture.claim(newLane(environment)));
    if (dispatch === undefined) {
      throw new Error('nothing was claimed');
    }
    await send(fixture, dispatch);
    changeInStore(fixture);
    fixture.clock.advance(2 * UNPACED_LEAVE_MS);

    expect(await fixture.queue.awaitFurtherSend(dispatch)).toBe(false);
  });
});
