import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { dispatch, GRACE_MS, newHeldGate, type HeldGate } from '../../../test/support/held-gate.js';

interface Line {
  readonly msg: string;
  readonly lane?: string;
}

describe('The log of a gate', () => {
  let lines: Line[];
  let gate: HeldGate;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate'] });
    gate = await newHeldGate();
    lines = [];
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
        lines.push(line as Line);
      });
    }
  });
  afterEach(() => {
    gate.processor.onModuleDestroy();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await nextTurn();
    }
  }

  async function start(...claims: (typeof gate.store.claims)[number][]): Promise<void> {
    gate.store.claims.push(...claims);
    gate.processor.onApplicationBootstrap();
    await settle();
  }

  it('names the lane on each line of a dispatch', async () => {
    await start(dispatch(1));
    gate.api.open.get(1n)?.(true);
    await settle();
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringContaining('began'),
      expect.stringContaining('ended'),
    ]);
    expect(lines.map(({ lane }) => lane)).toEqual(['default', 'default']);
  });

  it('says of a dispatch that was too late for its slot that it was', async () => {
    gate.store.mayLeaveNext = false;
    await start(dispatch(1));
    expect(lines.at(-1)).toMatchObject({
      msg: 'dispatch 1: too late for its slot, and others took every later one; its ids are sent again',
      lane: 'default',
    });
  });

  it('says of a dispatch whose slot the store could not confirm what the store said', async () => {
    jest.spyOn(gate.queue, 'awaitSendSlot').mockRejectedValue(new Error('the store is away'));
    await start(dispatch(1));
    expect(lines.at(-1)?.msg).toBe('dispatch 1: the store is away; its ids are sent again');
  });

  it('says of a dispatch that the stop cut off that it did', async () => {
    await start(dispatch(1));
    gate.processor.onModuleDestroy();
    const stopped = gate.processor.beforeApplicationShutdown();
    await settle();
    jest.advanceTimersByTime(GRACE_MS);
    await stopped;
    expect(lines.at(-1)?.msg).toBe('dispatch 1: cut off by the stop; its ids are sent again');
  });

  it('builds no text of lines that are not written', async () => {
    jest.spyOn(Logger, 'isLevelEnabled').mockReturnValue(false);
    await start(dispatch(1));
    gate.api.open.get(1n)?.(true);
    await settle();
    expect(lines).toEqual([]);
  });

  it('has few lines of a store that is away for long, and one when it is back', async () => {
    await start();
    gate.store.claims.push(...Array.from({ length: 900 }, () => new Error('the store is away')));
    for (let halfSecond = 0; halfSecond < 720; halfSecond++) {
      gate.queue.notifyArrival();
      await nextTurn();
      jest.advanceTimersByTime(500);
    }
    gate.store.claims.length = 0;
    gate.queue.notifyArrival();
    await settle();
    expect(lines.length).toBeLessThan(15);
    expect(lines.at(0)).toEqual({
      msg: 'no dispatch claimed, trying again: Error: the store is away',
      lane: 'default',
    });
    expect(lines.at(-1)).toMatchObject({
      msg: expect.stringMatching(/^no dispatch claimed: over after 720 failures since /),
      lane: 'default',
    });
  });
});
