/**
 * The stores sum pending ids in buckets of several levels. A bucket of the first level covers 128 consecutive
 * ingestions, one of each further level covers 128 buckets of the level below. The migrations of both stores use the
 * same numbers.
 */
export const LEVELS = 3;
export const BITS_PER_LEVEL = 7;

/** SQL for the bucket of `seq` in a level; level 0 is the ingestion itself. */
export function bucketOf(seq: string, level: number): string {
  return `(${seq}) >> ${String(BITS_PER_LEVEL * level)}`;
}

/** SQL for the first bucket of a level that belongs to the same bucket of the level above as `seq`. */
export function firstBucketUnder(seq: string, level: number): string {
  return `(${bucketOf(seq, level + 1)}) << ${String(BITS_PER_LEVEL)}`;
}
