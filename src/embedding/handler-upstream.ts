import {
  ExternalApi,
  UpstreamCallError,
  type UpstreamCall,
  type UpstreamResult,
} from '../external-api/external-api.js';
import type { DispatchHandler, LaneHandlerErrorOptions, HandlerResult } from './dispatch-handler.js';

/** Calls a handler of the application in place of an HTTP upstream. */
export class HandlerUpstream extends ExternalApi {
  override readonly description: string;
  override readonly sharesKey = true;

  constructor(
    private readonly lane: string,
    private readonly handler: DispatchHandler,
  ) {
    super();
    this.description = `handler of lane ${lane}`;
  }

  override async process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    const { ids, dispatchId, keys } = call;
    const idempotencyKey = keys.dispatch.value;
    await call.beforeSend?.();
    call.onSent?.();
    try {
      const results = await this.handler.handle(ids, {
        lane: this.lane,
        dispatchId,
        idempotencyKey,
        signal,
      });
      return results === undefined
        ? ids.map((id) => ({ id, ok: true, dataJson: null }))
        : results.map(toUpstreamResult);
    } catch (error) {
      throw toUpstreamCallError(error);
    }
  }
}

function toUpstreamResult(result: HandlerResult): UpstreamResult {
  const id = BigInt(result.id);
  if (!result.ok) {
    return { id, ok: false, message: result.message, permanent: result.permanent ?? false };
  }
  return result.data === undefined ? { id, ok: true, dataJson: null } : { id, ok: true, data: result.data };
}

/** Reads a `LaneHandlerError` by its fields: the application may have loaded its class from another copy. */
function toUpstreamCallError(error: unknown): UpstreamCallError {
  if (!(error instanceof Error)) {
    return new UpstreamCallError('upstream', String(error));
  }
  const { permanent = false, retryAfterMs }: LaneHandlerErrorOptions = error;
  return new UpstreamCallError(permanent ? 'rejected' : 'upstream', error.message, permanent, {
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
