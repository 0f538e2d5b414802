import { describe, expect, it } from '@jest/globals';
import type { Dispatch } from '../../src/domain/dispatch.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { seededRandom } from '../../src/external-api/seeded-random.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { toBase, toVariables } from '../../src/platform/config/lane-layers.js';
import { LaneOptions } from '../../src/scheduler/lanes/lane.options.js';
import type { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import { endsDepartureLog, toDepartureSeed } from '../../src/scheduler/settings/departure-seed.js';
import type { LaneDocument } from '../../src/scheduler/settings/lane-settings.repository.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, MINUTE, newIngestion, SECOND, TERMS, useGate, type Gate } from './gate.js';
import { STORES } from './stores.js';

const [LANE] = Configuration.read({ BATCH_DELAY: '0' }).lanes;
const SEEDS = [1, 2, 3, 4];
const ROUNDS = 15;
const MAX_PER_BURST = 4;
const COUNTED = ['calls', 'ids'] as const;

interface Departed {
  readonly atMs: number;
  readonly calls: number;
  readonly ids: number;
  /** The rules that let it go; null if the lane had none. */
  readonly rules: LaneRules | null;
}

/** Returns settings with these limits; without any the lane has no pace at all. */
function toDocument(limits: readonly object[]): LaneDocument {
  return {
    base: toBase(LANE),
    replacedBases: [],
    overrides: limits.length === 0 ? {} : { limits: JSON.stringify(limits) },
  };
}

/** A lane whose limits come and go, with calls that leave late, hang, are cut off by a stop or lose their lists. */
class ChangingLane {
  readonly departed: Departed[] = [];
  private readonly random: () => number;
  private nowMs = 0;
  private version = 0;
  private document = toDocument([]);
  private rules: LaneRules | null = null;
  /** The dispatches that have no answer yet; those of a lane without limits may not have left either. */
  private open: { readonly dispatch: Dispatch; hasLeft: boolean }[] = [];

  constructor(
    private readonly gate: Gate,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  async run(): Promise<void> {
    const lists = Array.from({ length: 200 }, (_, i) => newIngestion('LOW', idRange(1 + 3 * i, 3)));
    await this.gate.acceptAll(lists);
    for (let round = 0; round < ROUNDS; round++) {
      await this.change(toDocument([]));
      await this.act(this.upTo(6));
      await this.change(toDocument(this.drawLimits()));
      await this.claim();
      await this.act(this.upTo(12));
    }
  }

  private async act(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const chance = this.random();
      await (chance < 0.5 ? this.claim() : chance < 0.7 ? this.advance(this.upTo(3) * MINUTE) : this.end());
    }
  }

  private async claim(): Promise<void> {
    const claim = await this.gate.queue.claimMany({
      ...TERMS,
      batchSize: this.upTo(3),
      maxDispatches: this.rules === null ? 1 : MAX_PER_BURST,
      leaseMs: 100 * MINUTE,
      settingsVersion: this.version,
      ...(this.rules !== null && { rules: this.rules }),
    });
    for (const dispatch of claim.kind === 'claimed' ? claim.dispatches : []) {
      const entry = { dispatch, hasLeft: false };
      this.open.push(entry);
      if (this.rules !== null || this.random() < 0.3) {
        this.leave(entry);
      }
    }
  }

  private async advance(ms: number): Promise<void> {
    await this.gate.store.advance(ms);
    this.nowMs += ms;
  }

  /** Ends some calls. A call leaves before its answer comes, or before a stop cuts it off. */
  private async end(): Promise<void> {
    for (const entry of this.open.splice(0, this.upTo(4))) {
      this.leave(entry);
      if (this.random() < 0.2) {
        await this.advance(MINUTE);
      }
      if (this.random() < 0.2) {
        await this.gate.store.dispatches.release([entry.dispatch], true);
      } else {
        await this.gate.settle(entry.dispatch, COMPLETED);
        await this.deleteLists(entry.dispatch);
      }
    }
  }

  private async deleteLists({ parts }: Dispatch): Promise<void> {
    for (const { ingestionId } of this.random() < 0.3 ? parts : []) {
      await this.gate.store.maintenance.deleteIngestionStep(ingestionId); // refused while it is not finished
    }
    while (await this.gate.store.maintenance.deleteExpired(Number.MAX_SAFE_INTEGER)) {
      // until everything of the deleted lists is gone
    }
  }

  /** What has not left by the change never does: its settings are outdated. */
  private async change(document: LaneDocument): Promise<void> {
    const [written] = await this.gate.store.settings.write([
      {
        lane: DEFAULT_LANE,
        version: this.version,
        document,
        forgetsDelay: true,
        seed: toDepartureSeed(LANE, this.document, document),
        endsLog: endsDepartureLog(LANE, this.document, document),
      },
    ]);
    this.version = written?.version ?? this.version;
    this.document = document;
    this.rules = new LaneOptions(LANE.name, toVariables(LANE, document.base, document.overrides)).rules;
    for (const entry of this.open) {
      entry.hasLeft = true;
    }
  }

  private drawLimits(): readonly object[] {
    return Array.from({ length: this.upTo(2) }, () => ({
      [COUNTED[this.upTo(COUNTED.length) - 1] ?? 'ids']: this.upTo(20),
      per: (this.upTo(8) * MINUTE + 30 * SECOND) / SECOND, // no departure is at the edge of a window
      margin: 0,
    }));
  }

  private leave(entry: { readonly dispatch: Dispatch; hasLeft: boolean }): void {
    if (!entry.hasLeft) {
      entry.hasLeft = true;
      const ids = entry.dispatch.parts.reduce((sum, { size }) => sum + size, 0);
      this.departed.push({ atMs: this.nowMs, calls: 1, ids, rules: this.rules });
    }
  }

  private upTo(max: number): number {
    return 1 + Math.floor(this.random() * max);
  }
}

/** Returns the windows that hold more than their maximum when a call left that they let go. */
function exceededWindows(departed: readonly Departed[]): string[] {
  return departed.flatMap(({ rules, atMs: endMs }, last) =>
    (rules?.windows ?? []).flatMap(({ name, counts, max, perUs }) => {
      const used = departed
        .slice(0, last + 1)
        .filter(({ atMs }) => atMs > endMs - perUs / 1000)
        .reduce((sum, departure) => sum + departure[counts === 'units' ? 'ids' : counts], 0);
      return used > max ? [`${name}: ${String(used)} in the window that ends at ${String(endMs)}`] : [];
    }),
  );
}

describe.each(STORES)('$name: the log of departures of a lane whose limits come and go', (underTest) => {
  const gate = useGate(underTest);

  it.each(SEEDS)('lets no window be exceeded, whenever calls left before (seed %i)', async (seed) => {
    const lane = new ChangingLane(gate, seed);
    await lane.run();

    expect(exceededWindows(lane.departed)).toEqual([]);
    expect(lane.departed.filter(({ rules }) => rules !== null).length).toBeGreaterThan(3);
    expect(lane.departed.filter(({ rules }) => rules === null).length).toBeGreaterThan(3);
  });
});
