import { describe, expect, it } from '@jest/globals';
import { SettingsWatch } from './settings-watch.js';

const OWN = { delayMs: 1000, batchSize: 3 };

function row(delayMs: number, batchSize: number): { slot_delay_ms: number; slot_batch_size: number } {
  return { slot_delay_ms: delayMs, slot_batch_size: batchSize };
}

describe('A difference of settings between replicas', () => {
  it('is told with the lane and both values, once', () => {
    const watch = new SettingsWatch('reports');

    expect(watch.differenceOf(row(100, 3), OWN)).toBe(
      'lane reports: settings differ: the last slot was taken with BATCH_DELAY 0.1 and BATCH_SIZE 3, ' +
        'here they are BATCH_DELAY 1 and BATCH_SIZE 3; give all replicas the same',
    );
    expect(watch.differenceOf(row(1000, 3), OWN)).toBeNull();
    expect(watch.differenceOf(row(100, 3), OWN)).toBeNull();
  });

  it('is told again when it changes', () => {
    const watch = new SettingsWatch('reports');
    watch.differenceOf(row(100, 3), OWN);

    expect(watch.differenceOf(row(200, 3), OWN)).toContain('BATCH_DELAY 0.2');
    expect(watch.differenceOf(row(1000, 10), OWN)).toContain('BATCH_SIZE 10');
  });

  it('is not told where settings are the same, or not known', () => {
    const watch = new SettingsWatch('reports');

    expect(watch.differenceOf(row(1000, 3), OWN)).toBeNull();
    expect(watch.differenceOf(row(0, 0), OWN)).toBeNull();
  });
});
