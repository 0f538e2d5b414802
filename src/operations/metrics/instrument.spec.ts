import { describe, expect, it } from '@jest/globals';
import { instrument } from './instrument.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

class Port {
  readonly name = 'port';
  private readonly factor = 2;

  async double(n: number): Promise<number> {
    return n * this.factor;
  }

  async fail(): Promise<never> {
    throw new Error('no');
  }

  now(): number {
    return this.factor;
  }
}

describe('A watched port', () => {
  it('does what it did, and tells of each asynchronous call how it ended', async () => {
    const ended: unknown[] = [];
    const told: unknown[] = [];
    const port = instrument(
      new Port(),
      new SystemRuntime(),
      (method, seconds, isOk) => ended.push([method, isOk, seconds >= 0 && seconds < 10]),
      { double: (result, n) => told.push([n, result]) },
    );
    expect([port.name, port.now(), await port.double(2), await port.double(3)]).toEqual(['port', 2, 4, 6]);
    await expect(port.fail()).rejects.toThrow('no');
    expect(told).toEqual([
      [2, 4],
      [3, 6],
    ]);
    expect(ended).toEqual([
      ['double', true, true],
      ['double', true, true],
      ['fail', false, true],
    ]);
  });
});
