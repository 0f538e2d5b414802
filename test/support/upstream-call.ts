import type { UpstreamCall } from '../../src/external-api/external-api.js';

/** Completes a call that repeats no other one: its keys are its dispatch id, and that with the places of the ids. */
export function upstreamCall(call: Omit<UpstreamCall, 'keys'>): UpstreamCall {
  const { dispatchId, ids } = call;
  return {
    ...call,
    keys: {
      dispatch: { value: dispatchId, isRepeated: false, dispatchId },
      ids: ids.map((_, place) => ({
        value: `${dispatchId}-${String(place)}`,
        isRepeated: false,
        dispatchId,
      })),
    },
  };
}
