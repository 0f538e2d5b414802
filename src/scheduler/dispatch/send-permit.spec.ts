import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '../queue/send-permissions.js';
import { SendPermit } from './send-permit.js';

const DISPATCH = { lane: 'default', dispatchNo: 1, dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a' };

function newPermit(answers: boolean[], refusal: Refusal | null = null): SendPermit {
  const queue = {
    awaitSendSlot: async (): Promise<boolean> => answers.shift() ?? false,
    awaitFurtherSend: async (): Promise<boolean> => answers.shift() ?? false,
    recordSent: (): void => undefined,
    refusalOf: (): Refusal | null => refusal,
  };
  return new SendPermit(queue, DISPATCH);
}

describe('The permission of a dispatch', () => {
  it('is refused as a whole where its first request gets no slot', async () => {
    const permit = newPermit([false]);

    await expect(permit.beforeSend()).rejects.toThrow('too late for its slot');
    expect(permit.refusal).toMatch(/^too late/);
  });

  it('is refused for its settings where those of the lane have changed', async () => {
    const permit = newPermit([false], 'outdated');

    await expect(permit.beforeSend()).rejects.toThrow('the settings of the lane have changed');
  });

  it('is refused for the hold of its lane where that is held or paused', async () => {
    const permit = newPermit([false], 'closed');

    await expect(permit.beforeSend()).rejects.toThrow('the lane is held by its upstream or paused');
    expect(permit.isUnsent).toBe(true);
  });

  it('is refused for a later request alone, which counts as not sent', async () => {
    const permit = newPermit([true, false, true]);
    await permit.beforeSend();
    permit.onSent();

    await expect(permit.beforeSend()).rejects.toMatchObject({ kind: 'network', isUnsent: true });
    expect(permit.refusal).toBeNull();
    await permit.beforeSend();
  });
});
