import { UpstreamCallError, type UpstreamResult, type UpstreamCall } from '../external-api.js';
import { toRequest } from './to-request.js';
import type { UpstreamOptions } from './upstream.options.js';
import { SharedSendPermit } from './shared-send-permit.js';
import type { UpstreamHttpClient } from './upstream-http-client.js';

/** Sends a dispatch as one request: `{"ids": [...]}`, answered by `{"results": [...]}`, or as the lane's mapping says. */
export async function sendBatchRequest(
  client: UpstreamHttpClient,
  upstream: UpstreamOptions,
  call: UpstreamCall,
  signal: AbortSignal,
): Promise<readonly UpstreamResult[]> {
  const key = call.keys.dispatch;
  const answers = await client.request(
    {
      ...toRequest(upstream, { ids: call.ids, dispatchId: key.dispatchId, key: key.value }),
      ids: call.ids,
      id: null,
      dispatchId: call.dispatchId,
      key,
      sendPermit: new SharedSendPermit(call),
      onLimit: call.onLimit,
    },
    signal,
  );
  if (answers === null) {
    throw new UpstreamCallError('bad_answer', 'the answer is empty');
  }
  return answers;
}
