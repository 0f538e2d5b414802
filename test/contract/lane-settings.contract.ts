import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import type { LaneDocument, WrittenLane } from '../../src/scheduler/settings/lane-settings.repository.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import { HOUR, idsOf, MINUTE, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const DOCUMENT: LaneDocument = {
  base: { batch_size: { text: '3', source: 'default' } },
  replacedBases: [],
  overrides: { batch_size: '5' },
};

describe.each(STORES)('$name: settings of lanes', (underTest) => {
  const gate = useGate(underTest);

  async function write(
    version: number,
    { lane = DEFAULT_LANE, document = DOCUMENT, forgetsDelay = true } = {},
  ): Promise<WrittenLane | null> {
    const [written] = await gate.store.settings.write([{ lane, version, document, forgetsDelay }]);
    return written ?? null;
  }

  it('are absent at first, and have version 0', async () => {
    expect(await gate.store.settings.read(DEFAULT_LANE)).toEqual({
      lane: DEFAULT_LANE,
      version: 0,
      document: null,
    });
    expect(await gate.store.settings.readVersions()).toEqual(new Map());
  });

  it('raise the version of their lane alone, and survive a restart', async () => {
    expect(await write(0, { lane: 'crm' })).toMatchObject({ version: 1 });
    expect(await write(1, { lane: 'crm' })).toMatchObject({ version: 2 });
    await gate.restart();

    const { settings } = gate.store;
    expect(await settings.read('crm')).toEqual({ lane: 'crm', version: 2, document: DOCUMENT });
    expect(await settings.readVersions()).toEqual(new Map([['crm', 2]]));
    expect(await settings.readAll()).toEqual(
      expect.arrayContaining([
        { lane: 'crm', version: 2, document: DOCUMENT },
        { lane: DEFAULT_LANE, version: 0, document: null },
      ]),
    );
  });

  it('stay as they are where another change was faster', async () => {
    await write(0);
    const other = { ...DOCUMENT, overrides: { batch_size: '9' } };

    expect(await write(0, { document: other })).toBeNull();
    expect(await gate.store.settings.read(DEFAULT_LANE)).toMatchObject({ version: 1, document: DOCUMENT });
  });

  it('of other lanes are stored where that of one was changed before', async () => {
    await write(0);
    const writes = [DEFAULT_LANE, 'crm'].map((lane) => ({
      lane,
      version: 0,
      document: DOCUMENT,
      forgetsDelay: false,
    }));

    expect(await gate.store.settings.write(writes)).toMatchObject([null, { version: 1 }]);
  });

  it('let claims of their version go, and no other', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4]);
    await write(0);

    expect(await gate.claim()).toEqual({ kind: 'outdated', settingsVersion: 1 });
    expect(idsOf(await gate.dispatch({ settingsVersion: 1 }))).toEqual([1n, 2n, 3n]);
    expect(await gate.claim({ settingsVersion: 2 })).toEqual({ kind: 'outdated', settingsVersion: 1 });
  });

  it('make a claim void that has read the lane before', async () => {
    await gate.accept('HIGH', [1]);
    const { dispatches } = gate.store;
    const { epoch } = await dispatches.readGate(DEFAULT_LANE);
    await write(0);

    expect((await dispatches.readGate(DEFAULT_LANE)).epoch).not.toBe(epoch);
    expect(await dispatches.takeSlot(DEFAULT_LANE, epoch, { sendWithinMs: 0, delayMs: 0 })).toBeNull();
  });

  it('let the next slot count by the new delay alone', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.dispatch({ delayMs: HOUR });
    await write(0);
    await gate.restart();
    await gate.store.advance(2 * MINUTE);

    expect(idsOf(await gate.dispatch({ delayMs: MINUTE, settingsVersion: 1 }))).toEqual([4n]);
  });

  it('keep the delay of the last slot where only the base has changed', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.dispatch({ delayMs: HOUR });
    await write(0, { forgetsDelay: false });
    await gate.restart();
    await gate.store.advance(MINUTE);

    expect(await gate.claim({ delayMs: MINUTE, settingsVersion: 1 })).toMatchObject({ kind: 'slot_closed' });
  });

  it('measure a delay from the last departure of a lane that had limits before', async () => {
    const limits = parseLimits([{ calls: 1, per: 60 }]);
    const rules = new LaneRules({ limits, batchSize: 3, isPerId: false, timeoutMs: MINUTE });
    await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.dispatch({ rules });
    const written = await write(0);
    expect(written?.grantedForMs).toBeLessThan(SECOND);
    await gate.restart();

    const claim = await gate.claim({ delayMs: HOUR, settingsVersion: 1 });
    expect(claim).toMatchObject({ kind: 'slot_closed' });
  });

  it('say that the version of a late departure is another one', async () => {
    const limits = parseLimits([{ calls: 1, per: 60 }]);
    const rules = new LaneRules({ limits, batchSize: 3, isPerId: false, timeoutMs: MINUTE });
    await write(0);

    expect(await gate.store.dispatches.departures.read(DEFAULT_LANE, rules.questionAt(0))).toMatchObject({
      settingsVersion: 1,
    });
  });

  it('of replicas that run are told to each other, where several processes share the store', async () => {
    const { settings, dispatches } = gate.store;
    const [one, two] = [randomUUID(), randomUUID()];
    await settings.meet(one, { default: 'a' }, MINUTE);
    const met = await settings.meet(two, { default: 'b' }, MINUTE);
    expect(met).toEqual(dispatches.sharing.isShared ? [{ default: 'a' }] : []);
    await settings.leave(one);
    expect(await settings.meet(two, { default: 'b' }, MINUTE)).toEqual([]);
    await gate.store.advance(2 * MINUTE);

    expect(await settings.meet(one, { default: 'a' }, MINUTE)).toEqual([]);
  });
});
