import { setTimeout as sleep } from 'node:timers/promises';
import { ExternalApi, type Answer, type ExternalCall } from './external-api.js';

export interface MockExternalApiOptions {
  /** Each id takes a time between these, ids of a dispatch side by side. */
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** Chance from 0 to 1 that an id fails. */
  readonly errorRate: number;
  /** A number from 0 to just under 1, as `Math.random`; see {@link seededRandom} for one that repeats. */
  readonly random: () => number;
}

/** The simulated API: `{"id": n, "data": "processed"}` for each id, after a while, sometimes a failure. */
export class MockExternalApi extends ExternalApi {
  override readonly description: string;

  constructor(private readonly options: MockExternalApiOptions) {
    super();
    const { delayMinMs, delayMaxMs } = options;
    this.description = `simulated API (${String(delayMinMs / 1000)} to ${String(delayMaxMs / 1000)} s per id)`;
  }

  override async process(call: ExternalCall, signal: AbortSignal): Promise<readonly Answer[]> {
    await call.leave?.();
    call.left?.();
    return Promise.all(call.ids.map((id) => this.processOne(id, signal)));
  }

  private async processOne(id: bigint, signal: AbortSignal): Promise<Answer> {
    const { delayMinMs, delayMaxMs, errorRate, random } = this.options;
    const delayMs = delayMinMs + random() * (delayMaxMs - delayMinMs);
    const fails = random() < errorRate;
    if (delayMs > 0) {
      await sleep(delayMs, undefined, { signal });
    }
    return fails
      ? { id, ok: false, message: 'simulated failure', permanent: false }
      : { id, ok: true, data: 'processed' };
  }
}

/** Mulberry32: a small generator that repeats itself for a seed, for failures that can be seen again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
