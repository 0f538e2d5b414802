import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import type { ServiceProcess } from '../../scripts/demo/service-process.js';
import { useBuiltService } from '../support/built-service.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { isSelected } from '../support/selected-stores.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(120_000);

const KILLS = 3;
/** Dead letters, which are redriven and discarded at the same time: many steps of 500. */
const LETTERS = 7_500;
const LETTERS_PER_STEP = 500;
/** Lists of two ids that are cancelled, and as many that get another priority: several steps of 20. */
const LISTS = 80;
/** Lists that one step of a bulk action changes: so many may be counted as skipped, or not at all, after a kill. */
const LISTS_PER_STEP = 20;
/** The steps of all actions together. */
const STEPS = LETTERS / LETTERS_PER_STEP + (2 * LISTS) / LISTS_PER_STEP;
/** The longest time between a change that is seen and the kill: a few steps. */
const MAX_DELAY_MS = 60;

const ACTIONS = [
  { action: 'redrive', filter: { label: ['of=letters'] }, planned: LETTERS },
  { action: 'discard', filter: {}, planned: LETTERS },
  { action: 'cancel', filter: { label: ['of=cancel'] }, planned: 2 * LISTS },
  { action: 'reprioritize', filter: { label: ['of=reprioritize'] }, priority: 'HIGH', planned: 2 * LISTS },
] as const;
type Kind = (typeof ACTIONS)[number]['action'];

interface BulkAction {
  readonly bulk_action_id: string;
  readonly action: Kind;
  readonly state: string;
  readonly ids: number;
  readonly ids_done: number;
  readonly ingestions_done: number | null;
  readonly skipped: number;
}

interface QueueState {
  readonly waiting: { readonly high: number; readonly low: number };
  readonly scheduled: number;
  readonly retries_waiting: number;
}

async function call<T>(url: string, path: string, body?: object): Promise<T> {
  const response = await fetch(url + path, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) {
    throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
  }
  return (await response.json()) as T;
}

async function actionsOf(url: string): Promise<readonly BulkAction[]> {
  return (await call<{ bulk_actions: BulkAction[] }>(url, '/bulk-actions')).bulk_actions;
}

/** Returns how many steps of all actions are seen to be done. */
function stepsDone(actions: readonly BulkAction[]): number {
  return actions.reduce((sum, { ids_done: ids, ingestions_done: lists }) => {
    return sum + (lists === null ? ids / LETTERS_PER_STEP : ids / 2 / LISTS_PER_STEP);
  }, 0);
}

function countBy<T>(items: readonly T[], of: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  }
  return counts;
}

const STORES = [
  ...(isSelected('sqlite') ? (['SQLite'] as const) : []),
  ...(isSelected('postgresql') ? (['PostgreSQL'] as const) : []),
];

describe.each(STORES)('A service on %s that is killed while it runs bulk actions', (store) => {
  const start = useBuiltService(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();
  const newFolder = useTempFolders();

  /** Leaves dead letters and pending lists, half of which fall due while they are changed, in a paused lane. */
  async function fill(url: string): Promise<string> {
    const letters = { ids: idRange(1, LETTERS), priority: 'MEDIUM', labels: { of: 'letters' } };
    const { ingestion_id: id } = await call<{ ingestion_id: string }>(url, '/ingest', letters);
    await waitFor(
      'the dead letters',
      () => call<{ total_ids: number }>(url, '/dead-letters/counts'),
      ({ total_ids: total }) => total === LETTERS,
    );
    await call(url, '/queue/pause', {});
    const lists = ['cancel', 'reprioritize'].flatMap((of) =>
      idRange(1, LISTS).map((no) => ({
        ids: [no, no + LISTS],
        priority: 'LOW',
        labels: { of },
        ...(no % 2 === 0 && { not_before: 1 }),
      })),
    );
    await Promise.all(lists.map((list) => call(url, '/ingest', list)));
    return id;
  }

  /** The lease of a killed process ends. Where no other process shares the store, nobody waits for it. */
  async function endLeases(schema: string): Promise<void> {
    if (store === 'PostgreSQL') {
      await postgres.run(`UPDATE ${schema}.bulk_action SET lease_ends_time = 0`);
    }
  }

  it('changes each list and each dead letter once, and counts them exactly', async () => {
    const schema = postgres.newSchema();
    const variables = {
      DATA_DIR: newFolder(),
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: schema }),
      BATCH_DELAY: '0',
      BATCH_SIZE: '1000',
      MAX_ATTEMPTS: '1',
      MOCK_ERROR_RATE: '1',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
      BREAKER_THRESHOLD: '0',
      IDEMPOTENCY_BY_CONTENT: 'false',
    };
    let service: ServiceProcess = await start(variables);
    const lettersId = await fill(service.url);
    for (const { planned, ...plan } of ACTIONS) {
      expect((await call<BulkAction>(service.url, '/bulk-actions', plan)).ids).toBe(planned);
    }
    for (const { bulk_action_id: id } of (await actionsOf(service.url)).toReversed()) {
      await call(service.url, `/bulk-actions/${id}/start`, {});
    }
    const isOver = (actions: readonly BulkAction[]): boolean =>
      actions.every(({ state }) => state !== 'running');
    let seen = await actionsOf(service.url);
    let kills = 0;
    for (; kills < KILLS && !isOver(seen); kills++) {
      const killedAt = (STEPS * (kills + Math.random())) / KILLS;
      while (stepsDone(seen) < killedAt && !isOver(seen)) {
        await sleep(2);
        seen = await actionsOf(service.url);
      }
      await sleep(MAX_DELAY_MS * Math.random());
      await service.kill();
      await endLeases(schema);
      service = await start(variables);
      seen = await actionsOf(service.url);
    }
    expect(kills).toBeGreaterThan(1);
    const { url } = service;
    const actions = await waitFor('the end of the actions', () => actionsOf(url), isOver);
    await waitFor(
      'the last list to fall due',
      () => call<QueueState>(url, '/queue'),
      ({ scheduled }) => scheduled === 0,
    );

    const of = new Map(actions.map((action) => [action.action, action]));
    expect(actions).toHaveLength(ACTIONS.length);
    for (const { action: kind, planned } of ACTIONS) {
      expect(of.get(kind)).toMatchObject({ state: 'completed', ids: planned });
    }
    const [redriven, discarded] = [of.get('redrive')?.ids_done ?? 0, of.get('discard')?.ids_done ?? 0];
    expect(redriven + discarded).toBe(LETTERS);
    const { progress } = await call<{ progress: object }>(url, `/status/${lettersId}?batches=none`);
    expect(progress).toMatchObject({ in_flight: redriven, failed: discarded });
    expect((await call<{ total_ids: number }>(url, '/dead-letters/counts')).total_ids).toBe(0);
    const results = await fetch(`${url}/ingestions/${lettersId}/results`, {
      headers: { Accept: 'application/x-ndjson' },
    });
    const lines = (await results.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; status: string });
    expect(new Set(lines.map(({ id }) => id)).size).toBe(LETTERS);
    const states = countBy(lines, ({ status }) => status);
    expect([states['triggered'] ?? 0, states['failed'] ?? 0]).toEqual([redriven, discarded]);

    const queue = await call<QueueState>(url, '/queue');
    expect(queue.waiting).toMatchObject({ high: 2 * LISTS, low: 0 });
    expect(queue.retries_waiting).toBe(redriven);
    for (const [kind, shown] of [
      ['cancel', { status: 'cancelled', priority: 'LOW' }],
      ['reprioritize', { status: 'yet_to_start', priority: 'HIGH' }],
    ] as const) {
      const { ids_done: idsDone, ingestions_done: lists = 0 } = of.get(kind) ?? {};
      expect(idsDone).toBe(2 * LISTS);
      expect(lists).toBeLessThanOrEqual(LISTS);
      expect(lists).toBeGreaterThanOrEqual(LISTS - kills * LISTS_PER_STEP);
      const { ingestions } = await call<{ ingestions: object[] }>(
        url,
        `/ingestions?label=of%3D${kind}&limit=500`,
      );
      expect(ingestions).toHaveLength(LISTS);
      expect(ingestions).toEqual(ingestions.map(() => expect.objectContaining(shown)));
    }

    for (const { bulk_action_id: id, action: kind, ids_done: idsDone } of actions) {
      const { entries } = await call<{ entries: { action: string; affected: number | null }[] }>(
        url,
        `/audit?target=${id}`,
      );
      expect(countBy(entries, ({ action }) => action)).toEqual({
        start_bulk_action: 1,
        end_bulk_action: 1,
        [kind]: 1,
      });
      expect(entries.find(({ action }) => action === kind)?.affected).toBe(idsDone);
    }
  });
});
