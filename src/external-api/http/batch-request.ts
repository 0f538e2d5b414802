import { CallFailedError, type Answer, type ExternalCall } from '../external-api.js';
import type { HttpUpstream } from './upstream.options.js';
import { SharedDeparture } from './shared-send-permit.js';
import type { UpstreamClient } from './upstream-http-client.js';

/** A dispatch as one request: `{"ids": [...]}`, answered by `{"results": [...]}`. */
export async function callBatch(
  client: UpstreamClient,
  { url, method }: HttpUpstream,
  call: ExternalCall,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const answers = await client.exchange(
    {
      method,
      url,
      body: `{"ids":[${call.ids.join(',')}]}`,
      id: null,
      dispatchId: call.dispatchId,
      idempotencyKey: call.dispatchId,
      departure: new SharedDeparture(call),
    },
    signal,
  );
  if (answers === null) {
    throw new CallFailedError('bad_answer', 'the answer is empty');
  }
  return answers;
}
