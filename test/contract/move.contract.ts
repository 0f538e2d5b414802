import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { Idempotency, NewIngestion } from '../../src/domain/ingestion.js';
import { copyStore, type CopyReport } from '../../src/storage/copy/copy-store.js';
import { CopySource } from '../../src/storage/copy/source.js';
import type { Delivery } from '../../src/domain/webhook-delivery.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { CopyTarget } from '../../src/storage/copy/target.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import type { SingleClaim } from '../support/claims.js';
import { ManualClock } from '../support/manual-clock.js';
import { DATABASE_FILE } from '../../src/storage/sqlite/database/open-connection.js';
import { COPIED_TABLES } from '../../src/storage/copy/tables.js';
import { COMPLETED, failed, findWhole, Gate, HOUR, idsOf, MINUTE, newIngestion, retryIn } from './gate.js';
import { resultsOf } from './results.js';
import { idRange } from '../support/lists.js';
import { makeFolder } from '../support/make-folder.js';
import { isSelected } from '../support/selected-stores.js';
import { newSchema, openSchema, run, select, type Place } from './postgres.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const EVERYTHING = 1000;
const KEY = { key: new Uint8Array(32).fill(7), content: new Uint8Array(32).fill(8), windowMs: HOUR };
const OLD_KEY = { ...KEY, key: new Uint8Array(32).fill(9), windowMs: 1 };
const EXACT = [1n, 9007199254740993n, 9223372036854775808n, 10000000000000000007n];

/** Hides the next attempt's time, because store time differs after a move. */
function asMoved(delivery: Delivery): Delivery {
  return { ...delivery, nextAttemptAtMs: delivery.nextAttemptAtMs === null ? null : 0 };
}

function opensInMs(claim: SingleClaim): number {
  return claim.kind === 'slot_closed' ? claim.opensInMs : Number.NaN;
}

/** Long results are stored in another form, and are compared as clients see them. The others are empty after each step. */
const NOT_COMPARED = ['result', 'staging', 'removal'];

/** Writes a row of either store as text, without the changed columns. */
function toText(row: Record<string, unknown>, changed: readonly string[]): string {
  const values = Object.entries(row)
    .filter(([column]) => !changed.includes(column))
    .map(([column, value]) => [column, toValue(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(values);
}

/** Both stores write a number, a UUID and bytes in forms of their own. */
function toValue(value: unknown): string | null {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isText ? String(value).replaceAll(/(?<=[\da-f])-(?=[\da-f]{4})/g, '') : null;
}

/** Puts a row into each table that the history leaves empty. */
async function fillOtherTables(gate: Gate): Promise<void> {
  const { ingestions, settings, bulkActions, minutes, deadLetters, queue } = gate.store;
  const audit = (action: AuditEntry['action']): AuditEntry => ({
    entryId: randomUUID(),
    action,
    actor: { client: 'operator', address: '192.0.2.7', requestId: 'a.1' },
  });
  await ingestions.acceptAll([
    {
      ...newIngestion('HIGH', [7001, 7002]),
      labels: { shop: 'berlin', job: 'x' },
      units: 3,
      callbackUrl: 'https://example.com/',
      notBefore: { inMs: HOUR },
      expiresAt: { inMs: 3 * HOUR },
    },
  ]);
  const { found } = await deadLetters.scan({}, null, 1);
  await deadLetters.discardNumbers(found.map(({ deadLetterNo }) => deadLetterNo));
  const document = { base: {}, replacedBases: [], overrides: {}, made: { state: 'active' } } as const;
  await settings.write([{ lane: 'made', version: 0, document, forgetsDelay: false }]);
  const rules = new LaneRules({
    limits: parseLimits([{ calls: 9, per: 600 }]),
    batchSize: 3,
    isPerId: false,
    timeoutMs: MINUTE,
  });
  await gate.dispatch({ rules });
  const bulkActionId = randomUUID();
  const plan = { action: 'cancel', filter: { label: ['shop=berlin'] }, priority: null } as const;
  const numbers = { bound: { upTo: 9, newestMs: 8 }, ingestions: 1, ids: 2, auditEntryId: randomUUID() };
  await bulkActions.create({ bulkActionId, ...plan, ...numbers }, HOUR, HOUR);
  await bulkActions.start(bulkActionId, audit('start_bulk_action'));
  const pending = { high: 1, medium: 2, low: 3, retries: 4 };
  const counts = { dispatches: 2, ids: 6, completed: 4, retried: 1, failed: 1, callsMs: 2.5, slowestMs: 1.5 };
  const keepAll = { minutesBeforeMs: 0, hoursBeforeMs: 0 };
  await minutes.add(DEFAULT_LANE, { atMs: 30 * HOUR, ...counts, pending }, keepAll);
  await queue.pause('made', audit('pause_lane'));
}

/** Collects everything that a client can see of a store. */
async function viewOf(store: OpenStore, ingestionIds: readonly string[]): Promise<unknown> {
  const ingestions = [];
  for (const id of ingestionIds) {
    ingestions.push(await findWhole(store.ingestions, id));
  }
  const results = [];
  for (const id of ingestionIds) {
    results.push(await resultsOf(store, id));
  }
  const deliveries = await store.deliveries.list({}, null, EVERYTHING);
  return {
    ingestions,
    results,
    deliveries: deliveries.map(asMoved),
    dispatches: await store.history.list({}, null, EVERYTHING),
    deadLetters: await listDeadLetters(store, {}, null, EVERYTHING),
  };
}

/** A response long enough to be stored compressed. */
const ANSWER = `{"n":10000000000000000007,"text":"${'ä€'.repeat(20_000)}"}`;

(isSelected('postgresql') ? describe : describe.skip)('Moving the embedded store to PostgreSQL', () => {
  let folder: string;
  let clock: ManualClock;
  let place: Place;
  let ids: string[];
  let embedded: Gate;
  const moved: Gate[] = [];

  beforeEach(async () => {
    folder = makeFolder();
    clock = new ManualClock();
    place = newSchema();
    embedded = gateOf(() => openFolder(folder));
    await embedded.open();
    ids = await makeHistory(embedded);
  });
  afterEach(async () => {
    await embedded.close();
    await Promise.all(moved.splice(0).map((gate) => gate.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  function gateOf(open: () => Promise<OpenStore>): Gate {
    return new Gate({ name: 'a store that is moved', open });
  }

  async function openFolder(path: string): Promise<OpenStore> {
    const store = SqliteStore.open(path, clock);
    return {
      ...portsOf(store),
      runtime: clock,
      advance: async (ms) => {
        clock.advance(ms);
      },
      reopen: () => openFolder(path),
      close: () => store.close(),
    };
  }

  async function openMoved(): Promise<Gate> {
    const gate = gateOf(() => openSchema(place));
    await gate.open();
    moved.push(gate);
    return gate;
  }

  /** Accepts lists and brings them into every state. */
  async function makeHistory(gate: Gate): Promise<string[]> {
    const told = [1, 2].map((id) => ({ ...newIngestion('HIGH', [id]), callbackUrl: 'https://example.com/' }));
    await gate.acceptAll(told);
    await gate.drain();
    for (const claimed of await gate.store.deliveries.claim(1, MINUTE)) {
      await gate.store.deliveries.record(claimed, { state: 'delivered', httpStatus: 200, error: null });
    }
    const high = await gate.accept('HIGH', idRange(1, 12));
    for (const outcome of [{ ...COMPLETED, dataJson: ANSWER }, retryIn(HOUR), retryIn(0), failed()]) {
      await gate.settle(await gate.dispatch(), outcome);
    }
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 2);
    const low = await gate.accept('LOW', idRange(5000, 1300));
    const medium = await gate.accept('MEDIUM', EXACT);
    const keyed = newIngestion('LOW', [7], KEY);
    const expired = newIngestion('LOW', [8], OLD_KEY);
    await gate.acceptAll([keyed, expired]);
    await gate.store.advance(MINUTE);
    await gate.settle(await gate.dispatch({ batchSize: 2 }), COMPLETED);
    await gate.dispatch({ batchSize: 2 });
    return [high, low, medium, keyed.ingestionId, expired.ingestionId];
  }

  /** Accepts a list with each key. */
  async function acceptKeyed(gate: Gate, ...keys: readonly Idempotency[]): Promise<NewIngestion[]> {
    const keyed = keys.map((key) => newIngestion('LOW', [1], key));
    const answers = await gate.acceptAll(keyed);
    expect(answers).toMatchObject(keys.map(() => ({ kind: 'accepted' })));
    return keyed;
  }

  async function move(interrupt: (batch: number) => boolean = () => false): Promise<CopyReport> {
    const source = CopySource.open(folder, clock);
    try {
      const target = await CopyTarget.open(
        { ...place, poolSize: 1, connectTimeoutMs: 5000 },
        new SystemRuntime(),
      );
      try {
        let batch = 0;
        return await copyStore(source, target, () => {
          if (interrupt(batch++)) {
            throw new Error('interrupted');
          }
        });
      } finally {
        await target.close();
      }
    } finally {
      source.close();
    }
  }

  it('shows every list and dead letter as it was', async () => {
    const before = await viewOf(embedded.store, ids);
    await embedded.close();

    expect(await move()).toEqual({ kind: 'moved', ingestions: 7, ids: 1320, idsToGo: 1309, deadLetters: 4 });
    const gate = await openMoved();
    expect(await viewOf(gate.store, ids)).toEqual(before);
  });

  it('goes on in the same order', async () => {
    await embedded.close();
    await move();
    await embedded.open();
    const gate = await openMoved();
    const rest: bigint[][][] = [];
    for (const each of [embedded, gate]) {
      await each.store.dispatches.reclaimExpired();
      rest.push(await each.drain({ batchSize: 5 }));
      await each.store.advance(2 * HOUR);
      rest.push(await each.drain({ batchSize: 5 }));
    }

    expect(rest[0]?.flat().length).toBeGreaterThan(1300);
    expect(rest[1]?.flat()).toEqual([4n, 5n, 6n]);
    expect(rest.slice(2)).toEqual(rest.slice(0, 2));
  });

  it('goes on with the windows of a lane with limits, and with what departures have cost', async () => {
    const terms = {
      rules: new LaneRules({
        limits: parseLimits([
          { calls: 2, per: 600 },
          { units: 1000, per: 1200 },
        ]),
        batchSize: 3,
        isPerId: false,
        timeoutMs: MINUTE,
      }),
    };
    await embedded.acceptAll([{ ...newIngestion('HIGH', [1, 2, 3]), units: 330 }]);
    await embedded.dispatch(terms);
    await embedded.store.advance(4 * MINUTE);
    await embedded.dispatch(terms);
    const before = await embedded.claim(terms);
    await embedded.close();
    await move();
    const gate = await openMoved();

    const after = await gate.claim(terms);
    expect(before).toMatchObject({ kind: 'slot_closed', rule: '2 calls per 600 s' });
    expect(after).toMatchObject({ kind: 'slot_closed', rule: '2 calls per 600 s' });
    expect(Math.abs(opensInMs(after) - opensInMs(before))).toBeLessThan(MINUTE);
    await gate.store.advance(opensInMs(after));
    await gate.acceptAll([{ ...newIngestion('HIGH', [4]), units: 10 }]);
    expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed', rule: '1000 units per 1200 s' });
  });

  it('keeps the keys within their window, and only these', async () => {
    await embedded.close();
    await move();
    const gate = await openMoved();

    const answers = await gate.acceptAll([newIngestion('LOW', [7], KEY), newIngestion('LOW', [8], OLD_KEY)]);
    expect(answers).toMatchObject([{ kind: 'replayed', ingestionId: ids[3] }, { kind: 'accepted' }]);
  });

  it('leaves the keys of deleted lists free, also those that were used again', async () => {
    const again = { ...KEY, key: new Uint8Array(32).fill(10) };
    const free = { ...KEY, key: new Uint8Array(32).fill(11) };
    for (const { ingestionId } of await acceptKeyed(embedded, again, free)) {
      await embedded.store.ingestions.cancelStep(ingestionId, EVERYTHING);
      expect(await embedded.store.maintenance.deleteIngestionStep(ingestionId)).toBe('deleted');
    }
    const [used] = await acceptKeyed(embedded, again);
    await embedded.close();
    await move();
    const gate = await openMoved();

    const answers = await gate.acceptAll([newIngestion('LOW', [1], again), newIngestion('LOW', [1], free)]);
    expect(answers).toMatchObject([
      { kind: 'replayed', ingestionId: used?.ingestionId },
      { kind: 'accepted' },
    ]);
  });

  it('gives out numbers that were never used', async () => {
    const { dispatchNo } = await embedded.dispatch();
    const newest = await embedded.store.deadLetters.latestNumber();
    await embedded.close();
    await move();
    const gate = await openMoved();
    await gate.accept('LOW', [99]);
    const dispatch = await gate.dispatch();
    await gate.settle(dispatch, failed());

    expect(dispatch.dispatchNo).toBeGreaterThan(dispatchNo);
    expect(await gate.store.deadLetters.latestNumber()).toBeGreaterThan(newest);
    expect((await gate.drain()).flat().at(-1)).toBe(99n);
  });

  it('keeps the slot closed for the rest of the delay', async () => {
    await embedded.close();
    await move();
    const gate = await openMoved();

    expect(await gate.claim({ delayMs: HOUR })).toMatchObject({ kind: 'slot_closed' });
  });

  it('leaves the upstream alone for as long as it asked for', async () => {
    await embedded.store.dispatches.holdLane(DEFAULT_LANE, HOUR);
    await embedded.close();
    await move();
    const gate = await openMoved();

    expect(await gate.claim()).toMatchObject({ kind: 'held' });
  });

  it('changes nothing in the embedded store', async () => {
    await embedded.close();
    const copy = makeFolder();
    cpSync(folder, copy, { recursive: true });
    await move();
    await embedded.open();
    const untouched = gateOf(() => openFolder(copy));
    await untouched.open();
    try {
      expect(await viewOf(embedded.store, ids)).toEqual(await viewOf(untouched.store, ids));
      expect(await embedded.drain()).toEqual(await untouched.drain());
    } finally {
      await untouched.close();
      rmSync(copy, { recursive: true });
    }
  });

  it('goes on after any interruption; until it has ended no process uses the schema', async () => {
    const before = await viewOf(embedded.store, ids);
    await embedded.close();
    let interrupted = 0;
    for (let batch = 0; ; batch++) {
      const isEnd = await move((each) => each === batch % 3 && interrupted === batch).then(
        () => true,
        () => false,
      );
      if (isEnd) {
        break;
      }
      interrupted += 1;
      await expect(PostgresStore.open({ ...place, poolSize: 2, connectTimeoutMs: 0 }, clock)).rejects.toThrow(
        'is being copied',
      );
    }

    expect(interrupted).toBeGreaterThan(5);
    expect(await viewOf((await openMoved()).store, ids)).toEqual(before);
  });

  it('changes nothing when it is run again', async () => {
    await embedded.close();
    await move();
    const gate = await openMoved();
    const rest = await gate.drain();

    expect(await move()).toMatchObject({ kind: 'moved before', ids: 1320 });
    expect(rest.flat().length).toBeGreaterThan(1300);
    expect(await gate.drain()).toEqual([]);
  });

  it('copies the audit log, which goes on after it', async () => {
    const entry = (): AuditEntry => ({
      entryId: randomUUID(),
      action: 'pause_lane',
      actor: { client: 'operator', address: null, requestId: null },
    });
    await embedded.store.queue.pause('default', entry());
    const copied = await embedded.store.audit.list({}, null, 10);
    await embedded.close();
    await move();
    const gate = await openMoved();
    await gate.store.queue.pause('another', entry());

    const [newest, ...others] = await gate.store.audit.list({}, null, 10);
    expect(others).toEqual(copied);
    expect(newest?.auditNo).toBeGreaterThan(copied[0]?.auditNo ?? Infinity);
  });

  it('refuses a schema that holds lists', async () => {
    await embedded.close();
    const gate = await openMoved();
    const id = await gate.accept('LOW', [1]);

    await expect(move()).rejects.toThrow('holds lists already');
    expect(await gate.find(id)).toMatchObject({ ingestion: { ingestionId: id, total: 1 } });
  });

  it('leaves no table behind', async () => {
    await embedded.close();
    const source = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true });
    const names = source
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()
      .map(({ name }) => String(name));
    source.close();
    const copied = COPIED_TABLES.map(({ name }) => name);

    expect(names.filter((name) => !copied.includes(name)).sort()).toEqual([
      'client_waiting', // counted from the copied ingestions
      'dead_letter_label', // derived from labels and dead letters
      'gate', // one row for each lane, copied apart
      'store_clock', // PostgreSQL has a clock of its own
      'waiting_sum', // counted from the copied ingestions
    ]);
  });

  it('copies every row of these tables as it is', async () => {
    await fillOtherTables(embedded);
    await embedded.close();
    await move();
    const source = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true });
    const whole = COPIED_TABLES.filter(
      ({ name, where }) => where === undefined && !NOT_COMPARED.includes(name),
    );
    for (const table of whole) {
      const { name, times = [], microseconds = [], replaced = {}, notCopied = [] } = table;
      const changed = [...times, ...microseconds, ...Object.keys(replaced), ...notCopied];
      const there = source.prepare(`SELECT * FROM ${name}`);
      there.setReadBigInts(true);
      const rows = there.all();
      const moved = await select(place.url, `SELECT * FROM "${place.schema}".${name}`);
      const asTexts = (all: readonly Record<string, unknown>[]): string[] =>
        all.map((row) => toText(row, changed)).sort();

      expect({ name, rows: asTexts(moved) }).toEqual({ name, rows: asTexts(rows) });
      expect({ name, isFilled: rows.length > 0 }).toEqual({ name, isFilled: true });
    }
    source.close();
  });

  it('leaves no column behind', async () => {
    await embedded.close();
    await expect(move((batch) => batch === 0)).rejects.toThrow('interrupted');
    await run(place.url, `ALTER TABLE "${place.schema}".retry RENAME COLUMN failures TO attempts`);

    await expect(move()).rejects.toThrow(
      'only one of the stores has these columns of retry: failures, attempts',
    );
  });

  it('refuses to go on with a store that has gone on', async () => {
    await embedded.close();
    await expect(move((batch) => batch === 1)).rejects.toThrow('interrupted');
    await embedded.open();
    await embedded.accept('LOW', [1]);
    await embedded.close();

    await expect(move()).rejects.toThrow('has gone on since');
  });

  it('refuses a folder without a store, and makes none', async () => {
    await embedded.close();
    rmSync(join(folder, 'sluice.sqlite'));

    await expect(move()).rejects.toThrow('there is no');
    expect(existsSync(join(folder, 'sluice.sqlite'))).toBe(false);
  });

  it('refuses a store that a service uses', async () => {
    expect(idsOf(await embedded.dispatch())).toHaveLength(3);
    await expect(move()).rejects.toThrow('in use by another process');
  });
});
