import type { Random } from './random.ts';

export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A list that a client submits, with the client's knowledge of it. */
export interface Submission {
  readonly ids: readonly bigint[];
  readonly priority: Priority;
  readonly key: string | undefined;
  readonly lane: string;
  /** The API key of the client that submits it; null where none is needed. */
  readonly apiKey: string | null;
  /** Null until it is acknowledged. */
  ingestionId: string | null;
}

/** Offsets of ids, among them values at which programs round. */
const GROUNDS = [0n, 9_007_199_254_740_993n, 9_223_372_036_854_775_808n, 9_999_999_000_000_000_000n] as const;

const LONG_LISTS = 0.01;
const KEYED = 0.5;

/** The lanes and the API keys that submissions use. */
export interface Mix {
  readonly lanes: readonly [string, ...string[]];
  readonly apiKeys: readonly [string | null, ...(string | null)[]];
}

const DEFAULT_MIX: Mix = { lanes: ['default'], apiKeys: [null] };

/** All submissions of a run; no id occurs twice. */
export class Ledger {
  readonly submissions: Submission[] = [];
  readonly acknowledged: Submission[] = [];
  /** Responses that broke a promise of idempotency. */
  readonly replayFaults: string[] = [];
  /** Responses that no client should have got. */
  readonly oddAnswers: string[] = [];
  replays = 0;
  lostConnections = 0;
  private readonly random: Random;
  private readonly mix: Mix;
  private lastNumber = 0n;

  constructor(random: Random, mix: Mix = DEFAULT_MIX) {
    this.random = random;
    this.mix = mix;
  }

  draw(): Submission {
    const size = this.random.chance(LONG_LISTS) ? this.random.integer(20, 40) : this.random.integer(1, 4);
    const ids = Array.from({ length: size }, () => this.nextId());
    const key = this.random.chance(KEYED) ? `order-${String(this.submissions.length)}` : undefined;
    return this.add(ids, this.random.pick(PRIORITIES), key);
  }

  add(ids: readonly bigint[], priority: Priority, key?: string): Submission {
    const { lanes, apiKeys } = this.mix;
    const [lane, apiKey] = [this.random.pick(lanes), this.random.pick(apiKeys)];
    const submission: Submission = { ids, priority, key, lane, apiKey, ingestionId: null };
    this.submissions.push(submission);
    return submission;
  }

  acknowledge(submission: Submission, ingestionId: string, wasReplayed: boolean): void {
    const { ingestionId: known } = submission;
    if (wasReplayed) {
      this.replays += 1;
    }
    if (known === null) {
      submission.ingestionId = ingestionId;
      this.acknowledged.push(submission);
    } else if (known !== ingestionId) {
      this.replayFaults.push(`${known} was handed over again and became ${ingestionId}`);
    } else if (!wasReplayed) {
      this.replayFaults.push(`${known} was handed over again and its answer does not say so`);
    }
  }

  private nextId(): bigint {
    this.lastNumber += 1n;
    return this.lastNumber + this.random.pick(GROUNDS);
  }
}
