import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { NEVER } from 'rxjs';
import { AppModule } from '../../src/app.module.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { BatchProcessor } from '../../src/scheduler/dispatch/batch-processor.js';
import type { ClaimRequest } from '../../src/scheduler/queue/claimed-lane.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { SchedulerModule } from '../../src/scheduler/scheduler.module.js';
import { useTempFolders } from '../support/temp-folder.js';

/** Imports the scheduler's providers as a feature module does. */
@Module({ imports: [SchedulerModule] })
class FeatureModule {
  constructor(
    readonly queue: PriorityQueue,
    readonly processor: BatchProcessor,
  ) {}
}

describe('The scheduler', () => {
  const newFolder = useTempFolders();

  function testingModule(): TestingModuleBuilder {
    return Test.createTestingModule({ imports: [AppModule, FeatureModule] })
      .overrideProvider(Configuration)
      .useValue(Configuration.read({ DATA_DIR: newFolder(), SHUTDOWN_GRACE: '0' }));
  }

  it('provides one PriorityQueue and one BatchProcessor to everybody', async () => {
    const app = await testingModule().compile();
    const feature = app.get(FeatureModule);

    expect(app.get(PriorityQueue)).toBeInstanceOf(PriorityQueue);
    expect(app.get(BatchProcessor)).toBeInstanceOf(BatchProcessor);
    expect(feature.queue).toBe(app.get(PriorityQueue));
    expect(feature.processor).toBe(app.get(BatchProcessor));
    await app.close();
  });

  it('claims from the PriorityQueue that a test puts in place of its own', async () => {
    const lanes: string[] = [];
    const queue = {
      arrivals: () => NEVER,
      claims: NEVER,
      starts: NEVER,
      lateReleases: NEVER,
      notifyArrival: () => undefined,
      scheduledInMs: () => null,
      heldBy: () => null,
      claim: async ({ lane }: ClaimRequest) => {
        lanes.push(lane.options.name);
        return { kind: 'paused' };
      },
    };
    const app = await testingModule().overrideProvider(PriorityQueue).useValue(queue).compile();
    await app.init();
    await app.get(BatchProcessor).tick();

    expect(app.get(PriorityQueue)).toBe(queue);
    expect(lanes).toContain('default');
    await app.close();
  });

  it('dispatches nothing where a test puts an idle BatchProcessor in place of its own', async () => {
    const processor = {};
    const app = await testingModule().overrideProvider(BatchProcessor).useValue(processor).compile();
    await app.init();

    expect(app.get(BatchProcessor)).toBe(processor);
    expect(app.get(FeatureModule).processor).toBe(processor);
    await app.close();
  });
});
