import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { Configuration } from '../../platform/config/configuration.js';
import { LaneBases } from './lane-bases.js';
import {
  LaneSettingsRepository,
  type LaneWrite,
  type ReplicaBases,
  type StoredLane,
  type WrittenLane,
} from './lane-settings.repository.js';

/** The settings of one lane, and the replicas that run, in memory. */
class MemorySettings extends LaneSettingsRepository {
  stored: StoredLane = { lane: 'default', version: 0, document: null };
  readonly replicas = new Map<string, ReplicaBases>();

  get batchSize(): string | null | undefined {
    return this.stored.document?.base['batch_size']?.text;
  }

  override async readAll(): Promise<readonly StoredLane[]> {
    return [this.stored];
  }

  override async read(): Promise<StoredLane> {
    return this.stored;
  }

  override async readVersions(): Promise<ReadonlyMap<string, number>> {
    return new Map([['default', this.stored.version]]);
  }

  override async write(writes: readonly LaneWrite[]): Promise<readonly (WrittenLane | null)[]> {
    return writes.map(({ lane, version, document }) => {
      if (version !== this.stored.version) {
        return null;
      }
      this.stored = { lane, version: version + 1, document };
      return { version: version + 1, grantedForMs: 0 };
    });
  }

  override async meet(replicaId: string, bases: ReplicaBases): Promise<readonly ReplicaBases[]> {
    this.replicas.set(replicaId, bases);
    return [...this.replicas].flatMap(([id, its]) => (id === replicaId ? [] : [its]));
  }

  override async leave(replicaId: string): Promise<void> {
    this.replicas.delete(replicaId);
  }
}

describe('The base of a lane', () => {
  let settings: MemorySettings;
  let warnings: unknown[];

  beforeEach(() => {
    settings = new MemorySettings();
    warnings = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => {
      warnings.push(line);
    });
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function start(batchSize: number): Promise<LaneBases> {
    const configuration = Configuration.read({ BATCH_SIZE: String(batchSize) });
    const bases = new LaneBases(settings, configuration, new SystemRuntime());
    await bases.bring();
    return bases;
  }

  it('is that of the first process, and the same one changes nothing', async () => {
    await start(4);
    const { version } = settings.stored;
    const second = await start(4);

    expect(settings).toMatchObject({ batchSize: '4', stored: { version } });
    expect(second.isDifferent('default')).toBe(false);
  });

  it('is replaced by a new one, and the older replicas are told to differ', async () => {
    const old = await start(4);
    const young = await start(5);
    await old.bring();

    expect(settings.batchSize).toBe('5');
    expect([old.isDifferent('default'), young.isDifferent('default')]).toEqual([true, true]);
    expect([old.replicas, young.replicas]).toEqual([2, 2]);
    expect(warnings).toHaveLength(2);
    await old.onApplicationShutdown();
    await young.bring();
    expect(young.isDifferent('default')).toBe(false);
    expect(young.replicas).toBe(1);
  });

  it('that was replaced is not taken again from a replica that restarts during a rollout', async () => {
    await start(4);
    await start(5);
    const restarted = await start(4);

    expect(settings.batchSize).toBe('5');
    expect(restarted.isDifferent('default')).toBe(true);
  });

  it('that was replaced is taken again once no replica runs with the newer one', async () => {
    await start(4);
    const young = await start(5);
    const back = await start(4);
    await young.onApplicationShutdown();
    await back.bring();

    expect(settings.batchSize).toBe('4');
    expect(back.isDifferent('default')).toBe(false);
  });

  it('keeps what the API has changed', async () => {
    await start(4);
    const { document } = settings.stored;
    if (document === null) {
      throw new Error('nothing was stored');
    }
    const changed = { ...document, overrides: { batch_size: '9' } };
    await settings.write([{ lane: 'default', version: 1, document: changed, forgetsDelay: true }]);
    await start(5);

    expect(settings.batchSize).toBe('5');
    expect(settings.stored.document?.overrides).toEqual({ batch_size: '9' });
  });
});
