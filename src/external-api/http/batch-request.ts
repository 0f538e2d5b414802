import { UpstreamCallError, type UpstreamResult, type UpstreamCall } from '../external-api.js';
import type { UpstreamOptions } from './upstream.options.js';
import { SharedSendPermit } from './shared-send-permit.js';
import type { UpstreamHttpClient } from './upstream-http-client.js';

/** Sends a dispatch as one request: `{"ids": [...]}`, answered by `{"results": [...]}`. */
export async function sendBatchRequest(
  client: UpstreamHttpClient,
  { url, method }: UpstreamOptions,
  call: UpstreamCall,
  signal: AbortSignal,
): Promise<readonly UpstreamResult[]> {
  const answers = await client.request(
    {
      method,
      url,
      body: `{"ids":[${call.ids.join(',')}]}`,
      id: null,
      dispatchId: call.dispatchId,
      idempotencyKey: call.dispatchId,
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
