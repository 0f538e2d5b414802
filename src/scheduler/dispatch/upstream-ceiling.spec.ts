import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../external-api/seeded-random.js';
import { UpstreamCeiling, type LeftCalls } from './upstream-ceiling.js';

const HEADER = 'X-RateLimit-Remaining';
const SOON_MS = 10_000;

function tell(ceiling: UpstreamCeiling, left: LeftCalls, remaining: number, header = HEADER): void {
  ceiling.tell(left, { remaining, header }, SOON_MS, 0);
}

describe('The ceiling that an upstream tells', () => {
  it('is unknown before an answer, and after the reset', () => {
    const ceiling = new UpstreamCeiling();
    const first = ceiling.leave(1);
    expect(ceiling.read(0)).toBeNull();
    tell(ceiling, first, 5);
    expect(ceiling.read(SOON_MS - 1)).toMatchObject({ callsLeft: 5, untilMs: SOON_MS, header: HEADER });
    expect(ceiling.read(SOON_MS)).toBeNull();
  });

  it('counts calls that left after the one that tells it, and those that were open when it left', () => {
    const ceiling = new UpstreamCeiling();
    ceiling.leave(1);
    const second = ceiling.leave(1);
    ceiling.leave(1);
    tell(ceiling, second, 5);

    // the first may not have arrived before the second, and the third has left since
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 3 });
  });

  it('takes the other calls of the same dispatch for open', () => {
    const ceiling = new UpstreamCeiling();
    const calls = ceiling.leave(3);
    tell(ceiling, calls, 9);
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 7 });
  });

  it('is not raised by an answer to an earlier call that comes late, and is by one to a later call', () => {
    const ceiling = new UpstreamCeiling();
    const [first, second] = [ceiling.leave(1), ceiling.leave(1)];
    ceiling.end(first);
    tell(ceiling, second, 3);
    tell(ceiling, first, 50);
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 2 });
    ceiling.end(second);
    tell(ceiling, ceiling.leave(1), 8);
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 8 });
  });

  it('is told by an answer to an earlier call where a later one has told another header, or a limit that has reset', () => {
    const ceiling = new UpstreamCeiling();
    const [first, second] = [ceiling.leave(1), ceiling.leave(1)];
    ceiling.end(first);
    tell(ceiling, second, 9);
    tell(ceiling, first, 3, 'RateLimit');
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 2, header: 'RateLimit' });

    ceiling.tell(first, { remaining: 4, header: HEADER }, 2 * SOON_MS, SOON_MS);
    expect(ceiling.read(SOON_MS)).toMatchObject({ callsLeft: 3, header: HEADER });
  });

  it('is the lowest of all that one answer tells, and of all headers', () => {
    const ceiling = new UpstreamCeiling();
    const calls = ceiling.leave(1);
    tell(ceiling, calls, 9);
    tell(ceiling, calls, 4);
    tell(ceiling, calls, 7, 'RateLimit');
    expect(ceiling.read(0)).toMatchObject({ callsLeft: 4, header: HEADER });
  });

  it('never lets a call be refused, with answers out of order, and uses the window of the upstream', () => {
    let served = 0;
    let refused = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const result = playFixedWindow(seededRandom(seed));
      served += result.served;
      refused += result.refused;
    }
    expect(refused).toBe(0);
    expect(served).toBeGreaterThan(0.85 * 30 * MAX * WINDOWS);
  });
});

const MAX = 40;
const WINDOW_MS = 10_000;
const WINDOWS = 10;
const IN_FLIGHT = 10;

/** Sends as fast as the ceiling allows to an upstream that counts fixed windows, with random times on the way. */
function playFixedWindow(random: () => number): { served: number; refused: number } {
  const ceiling = new UpstreamCeiling();
  const events: { atMs: number; act: (atMs: number) => void }[] = [];
  const result = { served: 0, refused: 0 };
  let inFlight = 0;
  let used = { window: -1, calls: 0 };
  const after = (atMs: number, maxMs: number, act: (atMs: number) => void): void => {
    events.push({ atMs: atMs + 1 + random() * maxMs, act });
  };
  const arrive = (left: LeftCalls, atMs: number): void => {
    const window = Math.floor(atMs / WINDOW_MS);
    used = { window, calls: window === used.window ? used.calls + 1 : 1 };
    result[used.calls > MAX ? 'refused' : 'served'] += 1;
    const remaining = Math.max(0, MAX - used.calls);
    const resetInMs = (window + 1) * WINDOW_MS - atMs;
    after(atMs, 300, (nowMs) => {
      ceiling.tell(left, { remaining, header: HEADER }, nowMs + resetInMs, nowMs);
      ceiling.end(left);
      inFlight -= 1;
    });
  };
  const send = (nowMs: number): void => {
    while (inFlight < IN_FLIGHT && (ceiling.read(nowMs)?.callsLeft ?? 1) > 0) {
      inFlight += 1;
      const left = ceiling.leave(1);
      after(nowMs, 300, (atMs) => {
        arrive(left, atMs);
      });
    }
    const next = ceiling.read(nowMs);
    if (next?.callsLeft === 0 && nowMs < WINDOWS * WINDOW_MS) {
      events.push({ atMs: next.untilMs, act: () => undefined });
    }
  };
  send(0);
  for (let event = takeFirst(events); event !== undefined; event = takeFirst(events)) {
    event.act(event.atMs);
    if (event.atMs < WINDOWS * WINDOW_MS) {
      send(event.atMs);
    }
  }
  return result;
}

function takeFirst<T extends { readonly atMs: number }>(events: T[]): T | undefined {
  events.sort((a, b) => a.atMs - b.atMs);
  return events.shift();
}
