/** The call of a lane's handler: one dispatch. */
export interface DispatchContext {
  readonly lane: string;
  readonly dispatchId: string;
  /**
   * The same for two calls with the same ids if the outcome of the first one is unknown, because it took longer than the
   * timeout or the process ended. After an outcome it is a new one.
   */
  readonly idempotencyKey: string;
  /** Aborted after the lane's timeout (`externalApiTimeout`), and when the service stops. */
  readonly signal: AbortSignal;
}

/** The result of one id. */
export type HandlerResult =
  | { readonly id: number | bigint; readonly ok: true; readonly data?: unknown }
  | {
      readonly id: number | bigint;
      readonly ok: false;
      readonly message: string;
      /** True if a retry is useless; the default is false. */
      readonly permanent?: boolean;
    };

/** Takes the place of an HTTP upstream: it is called once for each dispatch of its lane, at the allowed pace. */
export interface DispatchHandler {
  /**
   * Processes the ids, in the order of the queue; a value may occur more than once. Returns one result per id, in any
   * order, or nothing if all have succeeded.
   * @throws LaneHandlerError to say when a retry makes sense; after any other error the ids are retried as usual.
   */
  handle(
    ids: readonly bigint[],
    context: DispatchContext,
  ): Promise<readonly HandlerResult[] | undefined> | Promise<void>;
}

export interface LaneHandlerErrorOptions extends ErrorOptions {
  /** Nothing is sent before it is over, and the ids lose no attempt. The default is the usual retry. */
  readonly retryAfterMs?: number;
  /** True if a retry is useless: the ids fail. The default is false. */
  readonly permanent?: boolean;
}

/** Thrown by a handler: the dispatch failed as a whole. */
export class LaneHandlerError extends Error {
  override readonly name = 'LaneHandlerError';
  readonly retryAfterMs: number | undefined;
  readonly permanent: boolean;

  constructor(
    message: string,
    { retryAfterMs, permanent = false, ...options }: LaneHandlerErrorOptions = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
    this.permanent = permanent;
  }
}
