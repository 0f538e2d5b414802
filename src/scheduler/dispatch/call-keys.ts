import type { Dispatch, DispatchPart, KeptKey, Outcome } from '../../domain/dispatch.js';
import type { CallKey, CallKeys } from '../../external-api/external-api.js';

/**
 * Returns the idempotency keys of a dispatch. Its own are its id, and its id with the place of each id. An id that keeps
 * a key has that one. The dispatch has the key of an earlier one if it holds exactly the ids of that, in their order.
 */
export function toCallKeys({ dispatchId, parts }: Dispatch): CallKeys {
  const kept = parts.flatMap(keptKeys);
  const repeated = repeatedDispatch(kept);
  return {
    dispatch: toDispatchKey(repeated ?? dispatchId, repeated !== null),
    ids: kept.map((key, place) => toIdKey(key ?? { dispatchId, place }, key !== null)),
  };
}

/** Gives one due time to all ids whose outcome is unknown, so that they can go together again. */
export function dueTogether(outcomes: readonly Outcome[]): Outcome[] {
  let delayMs: number | null = null;
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'retry' || outcome.isOutcomeUnknown !== true) {
      return outcome;
    }
    delayMs ??= outcome.delayMs;
    return { ...outcome, delayMs };
  });
}

function keptKeys({ size, keptKey }: DispatchPart): (KeptKey | null)[] {
  return Array.from({ length: size }, (_, i) =>
    keptKey === undefined ? null : { ...keptKey, place: keptKey.place + i },
  );
}

/** Returns the id of the dispatch that this one repeats; null if it repeats none as a whole. */
function repeatedDispatch(kept: readonly (KeptKey | null)[]): string | null {
  const dispatchId = kept[0]?.dispatchId;
  const isRepeat = kept.every(
    (key, place) => key?.dispatchId === dispatchId && key?.place === place && key.size === kept.length,
  );
  return isRepeat ? (dispatchId ?? null) : null;
}

function toDispatchKey(dispatchId: string, isRepeated: boolean): CallKey {
  return { value: dispatchId, isRepeated, dispatchId };
}

function toIdKey({ dispatchId, place }: Omit<KeptKey, 'size'>, isRepeated: boolean): CallKey {
  return { value: `${dispatchId}-${String(place)}`, isRepeated, dispatchId };
}
