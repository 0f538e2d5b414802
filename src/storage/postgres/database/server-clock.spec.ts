import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { ServerClock, type ClockReading } from './server-clock.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe("The server's clock, as a process knows it", () => {
  let clock: ManualClock;
  let serverClock: ServerClock;
  let serverMs: number;

  beforeEach(() => {
    clock = new ManualClock();
    serverClock = new ServerClock(clock);
    serverMs = 1_000_000_000;
  });

  function pass(ms: number): void {
    clock.advance(ms);
    serverMs += ms;
  }

  /** Takes a reading that takes this long in each direction. */
  function look(thereMs = 1, backMs = thereMs): ClockReading {
    const sentMs = clock.monotonicMs();
    pass(thereMs);
    const readMs = serverMs;
    pass(backMs);
    return { serverMs: readMs, sentMs, receivedMs: clock.monotonicMs() };
  }

  it('has not stepped while time passes, however long looks take', () => {
    for (const ms of [1, 100, 3000, 2, 5000]) {
      expect(serverClock.observe(look(ms, 1))).toBeNull();
      expect(serverClock.observe(look(1, ms))).toBeNull();
      pass(10 * SECOND);
    }
  });

  it('has not stepped where it runs a little faster or slower', () => {
    for (const drift of [0.0005, -0.0005]) {
      for (let i = 0; i < 10; i++) {
        expect(serverClock.observe(look())).toBeNull();
        pass(HOUR);
        serverMs += drift * HOUR;
      }
    }
  });

  it.each([600 * SECOND, -300 * SECOND, 5 * SECOND, 0.9 * SECOND, -0.9 * SECOND])(
    'has stepped by %d ms when someone set it so',
    (ms) => {
      serverClock.observe(look(100));
      pass(5 * SECOND);
      serverMs += ms;
      const step = serverClock.observe(look(100));

      expect(Math.abs((step?.ms ?? 0) - ms)).toBeLessThanOrEqual(200);
      expect(step?.maxMs).toBeGreaterThanOrEqual(ms);
      expect(step?.maxMs).toBeLessThanOrEqual(ms + 400);
    },
  );

  it('has not stepped while it catches up as fast as chrony lets it', () => {
    const MAX_SLEW = 1 / 12;
    for (const slew of [MAX_SLEW, -MAX_SLEW]) {
      for (let i = 0; i < 100; i++) {
        expect(serverClock.observe(look())).toBeNull();
        pass(SECOND);
        serverMs += slew * SECOND;
      }
    }
  });

  it('has stepped until that is accepted', () => {
    serverClock.observe(look());
    serverMs += HOUR;
    expect(serverClock.observe(look())).not.toBeNull();
    const again = look();
    expect(serverClock.observe(again)).not.toBeNull();
    serverClock.accept(again);

    expect(serverClock.observe(look())).toBeNull();
  });

  it('is not judged by a look older than the newest', () => {
    const old = look();
    pass(SECOND);
    serverMs += HOUR;
    serverClock.accept(look());

    expect(serverClock.isOutOfOrder(old)).toBe(true);
    expect(serverClock.isOutOfOrder(look())).toBe(false);
  });

  it('is later than it can be for nobody, also after a step that is not accepted', () => {
    expect(serverClock.latestMs()).toBeNull();
    serverClock.observe(look(50));
    pass(HOUR);
    const wasMs = serverMs;
    serverMs += HOUR;
    serverClock.observe(look(0));

    expect(serverClock.latestMs()).toBeGreaterThanOrEqual(wasMs);
    expect(serverClock.latestMs()).toBeLessThan(wasMs + 2 * SECOND);
  });
});
