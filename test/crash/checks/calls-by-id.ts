import type { RecordedCall } from '../recorder/protocol.ts';

/** One id in one call. */
export interface Sending {
  readonly call: RecordedCall;
  readonly succeeded: boolean;
}

/** Groups the recorded calls by id, in the order in which they arrived. */
export function groupById(calls: readonly RecordedCall[]): Map<bigint, Sending[]> {
  const sendings = new Map<bigint, Sending[]>();
  for (const call of calls) {
    call.ids.forEach((id, i) => {
      const sending = { call, succeeded: call.succeeded[i] === true };
      const earlier = sendings.get(id);
      if (earlier === undefined) {
        sendings.set(id, [sending]);
      } else {
        earlier.push(sending);
      }
    });
  }
  return sendings;
}
