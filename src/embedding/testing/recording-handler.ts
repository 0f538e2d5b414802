import type { DispatchContext, DispatchHandler, HandlerResult } from '../dispatch-handler.js';

/** One dispatch that a {@link RecordingHandler} received. */
export interface RecordedCall {
  readonly ids: readonly bigint[];
  readonly context: DispatchContext;
}

/** Takes the place of a handler in a test: records each dispatch, and completes its ids unless it is told otherwise. */
export class RecordingHandler implements DispatchHandler {
  readonly calls: RecordedCall[] = [];
  private readonly responses: (readonly HandlerResult[] | Error)[] = [];

  /** Answers the next dispatch with these results, or fails it with this error. Several answers are used in turn. */
  respondOnce(response: readonly HandlerResult[] | Error): this {
    this.responses.push(response);
    return this;
  }

  handle(ids: readonly bigint[], context: DispatchContext): Promise<readonly HandlerResult[] | undefined> {
    this.calls.push({ ids, context });
    const response = this.responses.shift();
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  }
}
