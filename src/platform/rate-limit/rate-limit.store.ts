/** Tolerance in ms for rounding of times when a bucket is compared. */
export const ROUNDING_MS = 0.01;

/** A token bucket: `limit` tokens refill evenly over `windowMs` milliseconds. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** The units that buckets count. */
export const RATE_LIMIT_TYPES = ['requests', 'ids'] as const;

export type RateLimitType = (typeof RATE_LIMIT_TYPES)[number];

/** Returns the key of a client's bucket. */
export function bucketKey(thing: RateLimitType, client: string): string {
  return `${thing} of ${client}`;
}

/** Returns the unit that the bucket with this key counts. */
export function typeOfKey(key: string): RateLimitType {
  return key.startsWith(bucketKey('ids', '')) ? 'ids' : 'requests';
}

export interface ConsumeRequest {
  /** See {@link bucketKey}. */
  readonly key: string;
  readonly amount: number;
  /** If true, `amount` is taken even if the bucket holds less: its balance becomes negative. */
  readonly allowDebt?: boolean;
}

/** The state of a bucket after a request to it, allowed or not. */
export interface BucketState {
  readonly isAllowed: boolean;
  /** The time until the bucket is full again, in ms. */
  readonly fullInMs: number;
}

/**
 * The token buckets of all clients, shared by all replicas. A request that fits is allowed at once. A request
 * for more than a bucket can hold is allowed if the bucket is full, and leaves it with a negative balance.
 * @throws StoreUnavailableError
 */
export abstract class RateLimitStore {
  abstract consume(consumeRequest: ConsumeRequest, rate: RateLimit): Promise<BucketState>;
}
