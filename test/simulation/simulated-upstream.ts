import {
  ExternalApi,
  UpstreamCallError,
  type UpstreamCall,
  type UpstreamResult,
} from '../../src/external-api/external-api.js';
import type { ProcessRuntime } from './process-runtime.js';
import type { Departure, Ledger } from './ledger.js';
import type { World } from './world.js';

/** The longest time of a connect, and of an answer that is not slow. */
const MAX_CONNECT_MS = 300;
const MAX_ANSWER_MS = 800;
const MAX_RETRY_AFTER_MS = 20_000;

export interface UpstreamOptions {
  readonly lane: string;
  readonly timeoutMs: number;
  /** True if each id is a request of its own. */
  readonly isPerId: boolean;
  /** The share of calls that go wrong. */
  readonly badCalls: number;
}

/** What may follow from a call at once. */
interface UpstreamListener {
  /** A request has left right now: the process may end here. */
  departure(): void;
  /** A call has begun that takes long. */
  longCall(): void;
}

/** The upstream of one lane as one process reaches it: it records each request that leaves, and misbehaves now and then. */
export class SimulatedUpstream extends ExternalApi {
  override readonly description = 'simulated world';
  /** Ids that must go again under one key leave the order of single ids, which the simulation compares with. */
  override readonly sharesKey = false;

  constructor(
    private readonly world: World,
    private readonly runtime: ProcessRuntime,
    private readonly ledger: Ledger,
    private readonly options: UpstreamOptions,
    private readonly on: UpstreamListener,
  ) {
    super();
  }

  override async process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    if (this.goesWrong('connect')) {
      await this.wait(this.between(0, MAX_CONNECT_MS), signal);
      if (this.goesWrong('refused connection')) {
        throw new UpstreamCallError('network', 'connection refused', false, { isUnsent: true });
      }
    }
    if (!this.options.isPerId) {
      return this.request(call, call.ids, signal);
    }
    const results = await Promise.all(call.ids.map((id) => this.requestOne(call, id, signal)));
    return results.flat();
  }

  private async requestOne(
    call: UpstreamCall,
    id: bigint,
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    try {
      return await this.request(call, [id], signal);
    } catch (error) {
      if (error instanceof UpstreamCallError) {
        const { kind, message, permanent, retryAfterMs, isRateLimited, isUnsent } = error;
        const waits = retryAfterMs !== undefined && { retryAfterMs };
        return [{ id, ok: false, kind, message, permanent, isRateLimited, isUnsent, ...waits }];
      }
      throw error;
    }
  }

  private async request(
    call: UpstreamCall,
    ids: readonly bigint[],
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    await call.beforeSend?.();
    signal.throwIfAborted();
    if (!this.runtime.isAlive) {
      return new Promise(() => undefined); // the process has ended in the same instant
    }
    const { lane, isPerId } = this.options;
    const departure = this.ledger.recordDeparture(this.runtime, lane, call.dispatchId, ids, { isPerId });
    this.on.departure();
    call.onSent?.();
    try {
      return await this.answer(departure, signal);
    } finally {
      departure.endedAtMs = Math.min(departure.endedAtMs, this.world.nowMs);
    }
  }

  private async answer(
    { dispatchId, ids }: Departure,
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    if (this.goesWrong('silence')) {
      this.on.longCall();
      return this.untilAborted(signal);
    }
    const isSlow = this.goesWrong('slow answer');
    if (isSlow) {
      this.on.longCall();
    }
    const maxMs = isSlow ? 1.5 * this.options.timeoutMs : MAX_ANSWER_MS;
    await this.wait(this.between(1, maxMs), signal);
    if (this.goesWrong('failed call')) {
      throw new UpstreamCallError('upstream', 'status 500');
    }
    if (this.goesWrong('refused call')) {
      const retryAfterMs = this.between(0, MAX_RETRY_AFTER_MS);
      const isNamed = this.world.dice.next('upstream') < 0.7;
      throw new UpstreamCallError('upstream', 'status 429', false, {
        isRateLimited: true,
        ...(isNamed && { retryAfterMs }),
      });
    }
    const results = ids.map((id): UpstreamResult => {
      if (this.goesWrong('failed id')) {
        return { id, ok: false, message: 'not now', permanent: this.world.dice.next('upstream') < 0.3 };
      }
      this.ledger.recordSuccess(dispatchId, id);
      return { id, ok: true, data: null };
    });
    return this.goesWrong('lie') ? this.distort(results) : results;
  }

  /** Answers that no honest upstream gives: another order, missing, repeated and foreign ids. */
  private distort(results: UpstreamResult[]): readonly UpstreamResult[] {
    const [first] = results;
    switch (this.world.dice.integer('upstream', 0, 3)) {
      case 0:
        return results.toReversed();
      case 1:
        return results.slice(1);
      case 2:
        return first === undefined ? [] : [...results, first];
      default:
        return [...results, { id: 10n ** 19n, ok: true, data: null }];
    }
  }

  private goesWrong(how: string): boolean {
    return this.world.dice.happens(`upstream: ${how}`, this.options.badCalls);
  }

  private between(minMs: number, maxMs: number): number {
    return this.world.dice.between('upstream', minMs, maxMs);
  }

  private wait(ms: number, signal: AbortSignal): Promise<void> {
    return this.runtime.sleep(ms, { signal });
  }

  private untilAborted(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  }
}
