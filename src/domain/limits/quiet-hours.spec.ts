import { describe, expect, it } from '@jest/globals';
import { LimitError } from './limit-fields.js';
import { parseQuietHours } from './parse-quiet-hours.js';
import type { QuietHours } from './quiet-hours.js';

const HOUR = 3_600_000;

function quiet(...periods: object[]): QuietHours {
  const hours = parseQuietHours(periods);
  if (hours === null) {
    throw new Error('there are none');
  }
  return hours;
}

function endsAt(hours: QuietHours, at: string): string | null {
  const endMs = hours.endsAt(Date.parse(at));
  return endMs === null ? null : new Date(endMs).toISOString();
}

describe('Quiet hours', () => {
  const nights = quiet({ from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' });

  it.each([
    ['2026-11-27T20:59:59Z', null],
    ['2026-11-27T21:00:00Z', '2026-11-28T05:00:00.000Z'],
    ['2026-11-28T04:59:59Z', '2026-11-28T05:00:00.000Z'],
    ['2026-11-28T05:00:00Z', null],
    ['2026-07-01T20:00:00Z', '2026-07-02T04:00:00.000Z'],
  ])('last over midnight on the clocks of their zone: %s', (at, end) => {
    expect(endsAt(nights, at)).toBe(end);
  });

  it.each([
    // Clocks go forward from 02:00 to 03:00 on 29 March, and back from 03:00 to 02:00 on 25 October.
    ['forward', '2026-03-28T21:00:00Z', 7],
    ['back', '2026-10-24T20:00:00Z', 9],
  ])('are shorter or longer by an hour in the night in which clocks go %s', (_, at, hours) => {
    expect(endsAt(nights, at)).toBe(new Date(Date.parse(at) + hours * HOUR).toISOString());
  });

  it('begin when the clocks skip their time', () => {
    const skipped = quiet({ from: '02:30', to: '04:00', time_zone: 'Europe/Berlin' });
    expect(endsAt(skipped, '2026-03-29T00:59:59Z')).toBeNull();
    expect(endsAt(skipped, '2026-03-29T01:00:00Z')).toBe('2026-03-29T02:00:00.000Z');
  });

  it('begin on their days only, and may end on another one', () => {
    const friday = quiet({ days: ['fri'], from: '22:00', to: '06:00' });
    expect(endsAt(friday, '2026-11-27T23:00:00Z')).toBe('2026-11-28T06:00:00.000Z'); // a Friday
    expect(endsAt(friday, '2026-11-28T03:00:00Z')).toBe('2026-11-28T06:00:00.000Z');
    expect(endsAt(friday, '2026-11-28T23:00:00Z')).toBeNull();
    expect(endsAt(friday, '2026-11-27T03:00:00Z')).toBeNull();
  });

  it('that touch each other end together', () => {
    const weekend = quiet(
      { days: ['sat', 'sun'], from: '00:00', to: '24:00' },
      { from: '22:00', to: '24:00' },
    );
    expect(endsAt(weekend, '2026-11-27T22:00:00Z')).toBe('2026-11-30T00:00:00.000Z');
  });

  it('that lie within others end with those', () => {
    const morning = quiet({ from: '01:00', to: '12:00' }, { from: '02:00', to: '03:00' });
    expect(endsAt(morning, '2026-11-27T01:30:00Z')).toBe('2026-11-27T12:00:00.000Z');
    expect(endsAt(morning, '2026-11-27T02:30:00Z')).toBe('2026-11-27T12:00:00.000Z');
  });

  it('stretch the time that something takes', () => {
    const after = (at: string, openHours: number): string =>
      new Date(nights.after(Date.parse(at), openHours * HOUR)).toISOString();
    expect(after('2026-11-27T12:00:00Z', 8.5)).toBe('2026-11-27T20:30:00.000Z');
    expect(after('2026-11-27T12:00:00Z', 9)).toBe('2026-11-28T05:00:00.000Z');
    expect(after('2026-11-27T12:00:00Z', 9 + 16 + 1)).toBe('2026-11-29T06:00:00.000Z');
    expect(after('2026-11-27T23:00:00Z', 1)).toBe('2026-11-28T06:00:00.000Z');
    expect(after('2026-11-27T12:00:00Z', 16 * 7 * 5)).toBe('2027-01-01T12:00:00.000Z');
    // Over a change of clocks, whole weeks are only about right.
    expect(after('2026-11-27T12:00:00Z', 16 * 7 * 100)).toMatch(/^2028-10-27T1[12]:/);
  });

  it('are none where the list is empty', () => {
    expect(parseQuietHours([])).toBeNull();
  });

  it('may be as many as fifty, on days in capitals as well', () => {
    const period = { days: ['MON', 'Sun'], from: '23:59', to: '24:00' };
    expect(endsAt(quiet(...new Array<object>(50).fill(period)), '2026-11-30T23:59:00Z')).toBe(
      '2026-12-01T00:00:00.000Z',
    );
    expect(() => quiet(...new Array<object>(51).fill(period))).toThrow('must have at most 50 periods');
  });

  it.each(['24:01', '25:00', '22:60', '1:00', 'x22:00', '22:00x', ''])('have no time %j', (from) => {
    expect(() => quiet({ from, to: '06:00' })).toThrow('[0].from must be a time such as "22:00"');
  });

  it('may begin at midnight and in the last minute of a day', () => {
    const hours = quiet({ from: '00:00', to: '00:01' }, { from: '23:59', to: '24:00' });
    expect(endsAt(hours, '2026-11-30T23:59:30Z')).toBe('2026-12-01T00:01:00.000Z');
  });

  it.each([
    [[7], '[0] must have from and to, not "7"'],
    [[null], '[0] must have from and to, not "null"'],
    [[[]], '[0] must have from and to, not "[]"'],
    [
      [{ from: '24:00', to: '06:00' }],
      '[0] must begin before it ends: a whole day is from "00:00" to "24:00"',
    ],
    [
      [{ from: '22:00', to: '00:00' }],
      '[0] must begin before it ends: a whole day is from "00:00" to "24:00"',
    ],
    [
      [{ days: [], from: '01:00', to: '02:00' }],
      '[0].days must be a list of mon, tue, wed, thu, fri, sat, sun, not "[]"',
    ],
    [
      [{ days: 'mon', from: '01:00', to: '02:00' }],
      '[0].days must be a list of mon, tue, wed, thu, fri, sat, sun, not "mon"',
    ],
    [
      [{ from: '01:00', to: '02:00', time_zone: '' }],
      '[0].time_zone must be a time zone such as Europe/Berlin, not ""',
    ],
    [
      [{ from: '01:00', to: '02:00', time_zone: 1 }],
      '[0].time_zone must be a time zone such as Europe/Berlin, not "1"',
    ],
    [{}, 'must be a list such as [{ days: [sat, sun], from: "00:00", to: "24:00" }], not "{}"'],
    [[{ from: '22:00' }], '[0].to must be a time such as "22:00"'],
    [[{ from: '24:30', to: '06:00' }], '[0].from must be a time such as "22:00", not "24:30"'],
    [[{ from: ['22:00'], to: '06:00' }], '[0].from must be a time such as "22:00", not "["22:00"]"'],
    [[{ from: 22, to: '06:00' }], '[0].from must be a time such as "22:00", not "22"'],
    [
      [{ from: '22:00', to: '22:00' }],
      '[0] must begin before it ends: a whole day is from "00:00" to "24:00"',
    ],
    [[{ days: ['fry'], from: '1:00', to: '2:00' }], '[0].from must be a time such as "22:00", not "1:00"'],
    [
      [{ days: ['fry'], from: '01:00', to: '02:00' }],
      '[0].days must be a list of mon, tue, wed, thu, fri, sat, sun, not "["fry"]"',
    ],
    [
      [{ from: '01:00', to: '02:00', time_zone: 'Mars' }],
      '[0].time_zone must be a time zone such as Europe/Berlin, not "Mars"',
    ],
    [
      [{ from: '01:00', to: '02:00', zone: 'UTC' }],
      '[0] has an unknown field "zone"; known: days, from, to, time_zone',
    ],
    [[{ from: '00:00', to: '24:00' }], 'must leave some time of the week in which the lane may send'],
  ])('are refused with one line: %j', (value, message) => {
    expect(() => parseQuietHours(value)).toThrow(new LimitError(message));
  });
});
