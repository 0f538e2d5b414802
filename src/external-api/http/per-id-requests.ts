import { CallFailedError, type Answer, type ExternalCall } from '../external-api.js';
import { carriesBody, ID_PLACE, type HttpUpstream } from './upstream.options.js';
import { SharedDeparture } from './shared-send-permit.js';
import type { UpstreamClient } from './upstream-http-client.js';

/** A dispatch as one request for each of its ids, side by side. What happens to one of them is the answer to its id. */
export async function callEach(
  client: UpstreamClient,
  { url, method }: HttpUpstream,
  call: ExternalCall,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const departure = new SharedDeparture(call);
  const ask = async (id: bigint, place: number): Promise<Answer> => {
    const exchange = {
      method,
      url: url.replaceAll(ID_PLACE, String(id)),
      body: carriesBody(method) ? `{"id":${String(id)}}` : '',
      id,
      dispatchId: call.dispatchId,
      idempotencyKey: `${call.dispatchId}-${String(place)}`, // an upstream may hold a key to one request
      departure,
    };
    try {
      const [answer] = (await client.exchange(exchange, signal)) ?? [];
      return answer ?? { id, ok: true, dataJson: null };
    } catch (error) {
      return toAnswer(id, error);
    }
  };
  return Promise.all(call.ids.map(ask));
}

function toAnswer(id: bigint, error: unknown): Answer {
  if (!(error instanceof CallFailedError)) {
    throw error;
  }
  const { kind, message, permanent, retryAfterMs, isUnsent } = error;
  return {
    id,
    ok: false,
    kind,
    message,
    permanent,
    isUnsent,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
