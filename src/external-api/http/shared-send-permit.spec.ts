import { describe, expect, it } from '@jest/globals';
import { upstreamCall } from '../../../test/support/upstream-call.js';
import { SharedSendPermit } from './shared-send-permit.js';

/** A call whose every question for its slot is answered at once. */
function newCall(): { departure: SharedSendPermit; seen: string[] } {
  const seen: string[] = [];
  const departure = new SharedSendPermit(
    upstreamCall({
      dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
      ids: [1n, 2n],
      beforeSend: async () => {
        seen.push('asked');
      },
      onSent: () => seen.push('left'),
    }),
  );
  return { departure, seen };
}

describe('The requests of one call', () => {
  it('ask once for their slot, and tell once that they have left', async () => {
    const { departure, seen } = newCall();
    await Promise.all([departure.beforeSend(), departure.beforeSend()]);
    departure.onSent();
    departure.onSent();

    expect(seen).toEqual(['asked', 'left']);
  });

  it('ask anew where the first of them missed its slot', async () => {
    const { departure, seen } = newCall();
    await departure.beforeSend();
    departure.missed();
    await departure.beforeSend();
    departure.onSent();

    expect(seen).toEqual(['asked', 'asked', 'left']);
  });

  it('ask one by one once one of them has left, and tell of none', async () => {
    const { departure, seen } = newCall();
    await departure.beforeSend();
    departure.onSent();
    departure.missed();
    await departure.beforeSend();
    departure.onSent();

    expect(seen).toEqual(['asked', 'left', 'asked']);
  });

  it('go on waiting for the same slot where a connection is lost meanwhile', async () => {
    const slot = Promise.withResolvers<undefined>();
    let asked = 0;
    const departure = new SharedSendPermit(
      upstreamCall({
        dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
        ids: [1n],
        beforeSend: () => {
          asked += 1;
          return slot.promise;
        },
      }),
    );
    const first = departure.beforeSend();
    departure.missed();
    const second = departure.beforeSend();
    slot.resolve(undefined);
    await Promise.all([first, second]);

    expect(asked).toBe(1);
  });
});

describe('The requests of one call that are counted one by one', () => {
  it('share the first permission, then ask for each, and tell of each that has left', async () => {
    const seen: string[] = [];
    const departure = new SharedSendPermit(
      upstreamCall({
        dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
        ids: [1n, 2n, 3n],
        beforeSend: async () => {
          seen.push('asked');
        },
        onSent: () => seen.push('left'),
        asksForEach: true,
      }),
    );
    await Promise.all([departure.beforeSend(), departure.beforeSend()]);
    departure.onSent();
    departure.onSent();
    await departure.beforeSend();
    departure.onSent();

    expect(seen).toEqual(['asked', 'left', 'left', 'asked', 'left']);
  });
});
