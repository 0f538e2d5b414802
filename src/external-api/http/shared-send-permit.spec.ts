import { describe, expect, it } from '@jest/globals';
import { SharedDeparture } from './shared-send-permit.js';

/** A call whose every question for its slot is answered at once. */
function newCall(): { departure: SharedDeparture; seen: string[] } {
  const seen: string[] = [];
  const departure = new SharedDeparture({
    dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
    ids: [1n, 2n],
    leave: async () => {
      seen.push('asked');
    },
    left: () => seen.push('left'),
  });
  return { departure, seen };
}

describe('The requests of one call', () => {
  it('ask once for their slot, and tell once that they have left', async () => {
    const { departure, seen } = newCall();
    await Promise.all([departure.leave(), departure.leave()]);
    departure.left();
    departure.left();

    expect(seen).toEqual(['asked', 'left']);
  });

  it('ask anew where the first of them missed its slot', async () => {
    const { departure, seen } = newCall();
    await departure.leave();
    departure.missed();
    await departure.leave();
    departure.left();

    expect(seen).toEqual(['asked', 'asked', 'left']);
  });

  it('ask no more once one of them has left', async () => {
    const { departure, seen } = newCall();
    await departure.leave();
    departure.left();
    departure.missed();
    await departure.leave();

    expect(seen).toEqual(['asked', 'left']);
  });

  it('go on waiting for the same slot where a connection is lost meanwhile', async () => {
    const slot = Promise.withResolvers<undefined>();
    let asked = 0;
    const departure = new SharedDeparture({
      dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
      ids: [1n],
      leave: () => {
        asked += 1;
        return slot.promise;
      },
    });
    const first = departure.leave();
    departure.missed();
    const second = departure.leave();
    slot.resolve(undefined);
    await Promise.all([first, second]);

    expect(asked).toBe(1);
  });
});
