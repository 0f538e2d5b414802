import { describe, expect, it } from '@jest/globals';
import { DispatchMetrics } from './dispatch-metrics.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

describe('Claims that came too late for their slot', () => {
  it('are counted by lane, and by what was late', async () => {
    const metricsRegistry = new MetricsRegistry();
    const metrics = new DispatchMetrics(metricsRegistry, schedulerOptions(), new SystemRuntime());
    metrics.releasedLate({ lane: 'reports', reason: 'late_commit' });
    metrics.releasedLate({ lane: 'reports', reason: 'late_commit' });
    metrics.releasedLate({ lane: 'reports', reason: 'late_call' });

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
