import { describe, expect, it } from '@jest/globals';
import { DispatchMetrics } from './dispatch-metrics.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
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

describe('Slots of a lane with limits', () => {
  /** The limits allow a dispatch every 10 s in the mean. */
  const LIMITS = '[{ calls: 6, per: 60, margin: 0 }, { calls: 1, per: 1, margin: 0 }]';

  async function missedSlots(
    follow: (metrics: DispatchMetrics, clock: ManualClock) => void,
  ): Promise<number | undefined> {
    const metricsRegistry = new MetricsRegistry();
    const clock = new ManualClock();
    const metrics = new DispatchMetrics(metricsRegistry, schedulerOptions({ LIMITS }), clock);
    metrics.arrived('default');
    metrics.claimed({ lane: 'default', result: { kind: 'claimed', dispatches: [] } });
    follow(metrics, clock);
    const missed = await metricsRegistry.registry.getSingleMetric('sluice_slots_missed_total')?.get();
    return missed?.values.find(({ labels }) => labels['lane'] === 'default')?.value;
  }

  it('are not missed while a limit is used up, however long that takes', async () => {
    const missed = await missedSlots((metrics, clock) => {
      metrics.claimed({
        lane: 'default',
        result: { kind: 'slot_closed', opensInMs: 86_400_000, rule: '6 calls per 60 s' },
      });
      metrics.arrived('default');
      clock.advance(86_409_999);
    });
    expect(missed).toBe(0);
  });

  it('are not missed while the most calls are in flight', async () => {
    const missed = await missedSlots((metrics, clock) => {
      for (let i = 0; i < 2000; i++) {
        metrics.claimed({
          lane: 'default',
          result: { kind: 'slot_closed', opensInMs: 50, rule: '2 in flight' },
        });
        clock.advance(50);
      }
    });
    expect(missed).toBe(0);
  });

  it('are missed after the limit has opened, one for each mean interval without a dispatch', async () => {
    const missed = await missedSlots((metrics, clock) => {
      metrics.claimed({
        lane: 'default',
        result: { kind: 'slot_closed', opensInMs: 40_000, rule: '6 calls per 60 s' },
      });
      clock.advance(40_000 + 35_000);
    });
    expect(missed).toBe(3);
  });

  it.each(['paused', 'held'] as const)('are not missed while the lane is %s', async (kind) => {
    const missed = await missedSlots((metrics, clock) => {
      metrics.claimed({ lane: 'default', result: kind === 'held' ? { kind, opensInMs: 1000 } : { kind } });
      clock.advance(86_400_000);
    });
    expect(missed).toBe(0);
  });

  it('are not missed while the breaker is open', async () => {
    const missed = await missedSlots((metrics, clock) => {
      metrics.arrived('default');
      metrics.breakerChanged('default', { state: 'open', openedAtMs: 0, probeInMs: 600_000 });
      clock.advance(600_000);
    });
    expect(missed).toBe(0);
  });
});
