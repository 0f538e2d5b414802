import { describe, expect, it } from '@jest/globals';
import { LastError } from './last-error.js';

const REFUSED = { kind: 'network', message: 'connect ECONNREFUSED' } as const;
const BUSY = { kind: 'upstream', message: 'busy' } as const;

describe('The last error of a lane', () => {
  it('is the first one of the newest dispatch that had one, also if it counts as no attempt', () => {
    const last = new LastError();
    expect(last.value).toBeNull();
    last.add([{ kind: 'completed' }, { kind: 'retry', error: BUSY, delayMs: 5 }], 1);
    expect(last.value).toEqual({ ...BUSY, atMs: 1 });
    last.add(
      [
        { kind: 'postponed', cause: REFUSED },
        { kind: 'failed', error: BUSY },
      ],
      2,
    );
    expect(last.value).toEqual({ ...REFUSED, atMs: 2 });
  });

  it('stays while calls succeed, or while the upstream only asks to wait', () => {
    const last = new LastError();
    last.add([{ kind: 'failed', error: BUSY }], 1);
    last.add([{ kind: 'completed' }], 2);
    last.add([{ kind: 'postponed' }], 3);
    expect(last.value).toEqual({ ...BUSY, atMs: 1 });
  });
});
