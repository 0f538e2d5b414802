import { describe, expect, it } from '@jest/globals';
import { DispatchMetrics } from './dispatch-metrics.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const TERMS = { lane: 'reports', batchSize: 3, delayMs: 5000, leaseMs: 60_000, agingMs: null };

describe('Claims that came too late for their slot', () => {
  it('are counted by lane, and by what was late', async () => {
    const metricsRegistry = new MetricsRegistry();
    const { hooks } = new DispatchMetrics(metricsRegistry, schedulerOptions(), new SystemRuntime());
    hooks.claim?.({ kind: 'released', dispatchId: 'a' }, TERMS);
    hooks.claim?.({ kind: 'released', dispatchId: 'b' }, TERMS);
    hooks.awaitSendSlot?.(false, { lane: 'reports', dispatchNo: 3, dispatchId: 'c' });
    hooks.awaitSendSlot?.(true, { lane: 'reports', dispatchNo: 4, dispatchId: 'd' });

    const released = await metricsRegistry.registry.getSingleMetric('sluice_claims_released_total')?.get();
    expect(released?.values.map(({ labels, value }) => ({ ...labels, value }))).toEqual(
      expect.arrayContaining([
        { lane: 'default', reason: 'late_commit', value: 0 },
        { lane: 'default', reason: 'late_call', value: 0 },
        { lane: 'reports', reason: 'late_commit', value: 2 },
        { lane: 'reports', reason: 'late_call', value: 1 },
      ]),
    );
  });
});
