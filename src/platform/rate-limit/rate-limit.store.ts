/** What a bucket may be over by the rounding of times, in ms. */
export const ROUNDING_MS = 0.01;

/** So much of a thing in each such time, as a bucket that fills evenly. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** What there are buckets of. */
export const RATE_LIMIT_TYPES = ['requests', 'ids'] as const;

export type RateLimitType = (typeof RATE_LIMIT_TYPES)[number];

/** Of a client's bucket. */
export function bucketKey(thing: RateLimitType, client: string): string {
  return `${thing} of ${client}`;
}

/** What the bucket with this key is of. */
export function typeOfKey(key: string): RateLimitType {
  return key.startsWith(bucketKey('ids', '')) ? 'ids' : 'requests';
}

export interface ConsumeRequest {
  /** Whose bucket it is, and of what. */
  readonly key: string;
  readonly amount: number;
  /** Taken whatever is left: the bucket owes it. */
  readonly allowDebt?: boolean;
}

/** How a bucket stands after something was taken, or was not. */
export interface BucketState {
  readonly isAllowed: boolean;
  /** Until it is full again. */
  readonly fullInMs: number;
}

/**
 * Buckets of clients, shared by all who work on the store. What fits is taken at once; more than a whole bucket holds is taken from
 * a full one, which then owes the rest. Throws `StoreUnavailableError`.
 */
export abstract class RateLimitStore {
  abstract consume(consumeRequest: ConsumeRequest, rate: RateLimit): Promise<BucketState>;
}
