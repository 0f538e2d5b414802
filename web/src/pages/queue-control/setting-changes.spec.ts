import { describe, expect, it } from '@jest/globals';
import type { LaneSettings } from '../../api/types.js';
import { describeChanges, formatSetting, toChanges } from './setting-changes.js';

const settingsWith = (limits: unknown[] | null = null): LaneSettings['settings'] => ({
  batch_size: { value: 10, source: 'file' },
  batch_delay: { value: 1, source: 'default' },
  limits: { value: limits, source: 'default' },
  fill_exempt: { value: null, source: 'default' },
  max_attempts: { value: 3, source: 'default' },
});
const queueOf = (total: number) => ({
  waiting: { high: 0, medium: 0, low: total, total },
  retries_waiting: 0,
});

describe('A change of settings', () => {
  it('holds the fields that differ, as numbers, texts and lists', () => {
    const draft = {
      batch_size: ' 5 ',
      batch_delay: '1',
      limits: '[{"calls":9,"per":1}]',
      fill_exempt: 'HIGH',
    };
    expect(toChanges(draft, settingsWith())).toEqual({
      batch_size: 5,
      limits: [{ calls: 9, per: 1 }],
      fill_exempt: 'HIGH',
    });
    expect(toChanges({ limits: '' }, settingsWith([{ calls: 9, per: 1 }]))).toEqual({ limits: [] });
    expect(toChanges({ limits: '', batch_delay: '1' }, settingsWith())).toEqual({});
  });

  it.each([
    [{ batch_size: 'five' }, 'Ids per dispatch must be a number'],
    [{ batch_delay: '' }, 'Time between dispatches must be a number'],
    [{ limits: '[{' }, 'Limits must be a list such as'],
  ])('is refused where a field is wrong: %j', (draft, message) => {
    expect(() => toChanges(draft, settingsWith())).toThrow(message);
  });

  it('shows quiet hours in words, also that there are none', () => {
    const hours = [
      { days: ['sat', 'sun'], from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' },
      { from: '12:00', to: '13:00' },
    ];
    expect(describeChanges({ quiet_hours: hours }, settingsWith(), queueOf(0))).toEqual([
      'Nothing is sent in the quiet hours: sat, sun 22:00 to 06:00 Europe/Berlin, 12:00 to 13:00 UTC.',
    ]);
    expect(describeChanges({ quiet_hours: [] }, settingsWith(), queueOf(0))).toEqual([
      'The lane has no quiet hours.',
    ]);
    expect(() => toChanges({ quiet_hours: 'night' }, settingsWith())).toThrow('"from": "22:00"');
  });

  it('says the pace before and after, and how long the pending ids take', () => {
    expect(describeChanges({ batch_size: 5 }, settingsWith(), queueOf(600))).toEqual([
      'A dispatch carries at most 5 ids.',
      'The pace is 300 ids a minute instead of 600 ids a minute.',
      'The 600 pending ids take about 2 min instead of 1 min.',
    ]);
  });

  it('promises no pace where limits decide, and warns where nothing does', () => {
    const limits = [{ calls: 9, per: 1 }];
    expect(describeChanges({ limits }, settingsWith(), queueOf(600))).toEqual([
      'The limits are 9 calls per 1 s.',
      'The lane then takes no delay from the environment or the lanes file: set it here, if it needs one.',
    ]);
    expect(describeChanges({ limits, batch_delay: 2 }, settingsWith(), queueOf(600))).toEqual([
      'The limits are 9 calls per 1 s.',
      'A dispatch begins at the earliest 2 s after the one before.',
    ]);
    expect(describeChanges({ batch_delay: 0 }, settingsWith(), queueOf(0))).toEqual([
      'A dispatch begins at the earliest 0 s after the one before.',
      'Nothing limits the pace any more: a dispatch goes as soon as a call may begin.',
    ]);
    expect(describeChanges({ limits: [], batch_delay: 1 }, settingsWith(limits), queueOf(0))).toEqual([
      'The lane has no limits: batch size and delay alone set the pace.',
      'A dispatch begins at the earliest 1 s after the one before.',
      'The pace is 600 ids a minute.',
    ]);
  });

  it('says of a setting without a pace what it does', () => {
    expect(describeChanges({ max_attempts: 5 }, settingsWith(), queueOf(600))).toEqual([
      'An id that fails becomes a dead letter after 5 attempts, also if it failed before this change.',
    ]);
    expect([
      formatSetting('limits', null),
      formatSetting('limits', []),
      formatSetting('timeout', 30),
    ]).toEqual(['none', 'none', '30 s']);
    expect(formatSetting('limits', [{ in_flight: 25 }, { ids: 5, per: 'day', time_zone: 'UTC' }])).toBe(
      '25 in flight, {"ids":5,"per":"day","time_zone":"UTC"}',
    );
  });
});
