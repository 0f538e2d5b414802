import { UpstreamCallError, type CallKey, type UpstreamResult, type UpstreamCall } from '../external-api.js';
import { toRequest } from './to-request.js';
import type { UpstreamOptions } from './upstream.options.js';
import { SharedSendPermit } from './shared-send-permit.js';
import type { UpstreamHttpClient } from './upstream-http-client.js';

/** Sends a dispatch as one request per id, in parallel. The result of a request is the result of its id. */
export async function sendPerIdRequests(
  client: UpstreamHttpClient,
  upstream: UpstreamOptions,
  call: UpstreamCall,
  signal: AbortSignal,
): Promise<readonly UpstreamResult[]> {
  const sendPermit = new SharedSendPermit(call);
  const ask = async (id: bigint, place: number): Promise<UpstreamResult> => {
    const key = keyAt(call, place);
    const exchange = {
      ...toRequest(upstream, { ids: [id], dispatchId: key.dispatchId, key: key.value }),
      ids: [id],
      id,
      dispatchId: call.dispatchId,
      key,
      sendPermit,
      onLimit: call.onLimit,
    };
    try {
      const [answer] = (await client.request(exchange, signal)) ?? [];
      return answer ?? { id, ok: true, dataJson: null };
    } catch (error) {
      return toUpstreamResult(id, error);
    }
  };
  return Promise.all(call.ids.map(ask));
}

function keyAt({ keys }: UpstreamCall, place: number): CallKey {
  const key = keys.ids[place];
  if (key === undefined) {
    throw new Error(`the call has no key for its id ${String(place)}`);
  }
  return key;
}

function toUpstreamResult(id: bigint, error: unknown): UpstreamResult {
  if (!(error instanceof UpstreamCallError)) {
    throw error;
  }
  const { kind, message, permanent, upstreamStatus, retryAfterMs } = error;
  const { isRateLimited, isUnsent, isRefused, isOutcomeUnknown } = error;
  return {
    id,
    ok: false,
    kind,
    message,
    permanent,
    isRateLimited,
    isUnsent,
    isRefused,
    isOutcomeUnknown,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
