import { Injectable, Logger } from '@nestjs/common';
import {
  UpstreamCallError,
  ExternalApi,
  type UpstreamResult,
  type UpstreamCall,
} from '../../external-api/external-api.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { matchResults, type IdResult } from './match-results.js';
import { dispatchLogLine } from './dispatch-log.js';
import { sanitizeErrorMessage } from './sanitize-message.js';

/** What came of a call. */
export interface CallResult {
  /** One for each id, in order. */
  readonly results: readonly IdResult[];
  /** The upstream did not do its work: the call failed as a whole, or each of its ids did for now. */
  readonly isFailure: boolean;
  /** The upstream asks to be left alone for so long; 0 where it does not. */
  readonly holdMs: number;
}

/** Calls the external API within its time, and makes a result for each id of whatever comes back. */
@Injectable()
export class UpstreamCaller {
  private readonly logger = new Logger('ExternalCaller');

  constructor(
    private readonly externalApi: ExternalApi,
    private readonly timeoutMs: number,
    private readonly lane = DEFAULT_LANE,
  ) {}

  /**
   * Resolves with a result for each id; an upstream that fails, lies or hangs makes failed results.
   * @throws the signal's reason when `stop` aborts: then there is no result.
   */
  async call(call: UpstreamCall, stop: AbortSignal): Promise<CallResult> {
    stop.throwIfAborted();
    try {
      const answers = await this.resultsInTime(call, stop);
      stop.throwIfAborted();
      const { results, unexpected } = matchResults(call.ids, answers);
      if (unexpected.length > 0) {
        this.logger.warn(
          dispatchLogLine(
            { ...call, lane: this.lane },
            `: answers ignored: ${unexpected.slice(0, 10).join(', ')}` +
              (unexpected.length > 10 ? ` and ${String(unexpected.length - 10)} more` : ''),
          ),
        );
      }
      return toCallResult(results, false);
    } catch (error) {
      stop.throwIfAborted();
      const failure = toUpstreamCallError(error);
      const result: IdResult = {
        ok: false,
        error: { kind: failure.kind, message: sanitizeErrorMessage(failure.message) },
        permanent: failure.permanent,
        ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
        ...(failure.isUnsent && { isUnsent: true }),
      };
      return toCallResult(new Array<IdResult>(call.ids.length).fill(result), true);
    }
  }

  /** See `ExternalApi.prepare`. */
  prepare(inMs: number): void {
    this.externalApi.prepare?.(inMs);
  }

  /** Ends with its time also when the external API does not heed its signal. */
  private async resultsInTime(call: UpstreamCall, stop: AbortSignal): Promise<readonly UpstreamResult[]> {
    const controller = new AbortController();
    let isOver = false;
    const ended = Promise.withResolvers<never>();
    const end = (error: unknown): void => {
      controller.abort(error);
      setImmediate(() => {
        ended.reject(error); // a call that heeds its signal has said by now which of its answers it has
      });
    };
    const timer = setTimeout(() => {
      end(new UpstreamCallError('timeout', `no answer within ${String(this.timeoutMs / 1000)} s`));
    }, this.timeoutMs);
    const onStop = (): void => {
      end(stop.reason);
    };
    stop.addEventListener('abort', onStop);
    try {
      const answers = this.externalApi.process(call, controller.signal);
      answers.then(
        () => {
          if (isOver) {
            this.logger.warn(
              dispatchLogLine(
                { ...call, lane: this.lane },
                ': an answer came after its call had ended; ignored',
              ),
            );
          }
        },
        () => undefined,
      );
      return assertResults(await Promise.race([answers, ended.promise]));
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error; // an abort says more than what it broke
    } finally {
      isOver = true;
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }
}

/** Who asks to be left alone is heeded, and does not count as broken. */
function toCallResult(results: readonly IdResult[], hasFailed: boolean): CallResult {
  const waitsMs = results.map((result) => (result.ok ? 0 : (result.retryAfterMs ?? 0)));
  const holdMs = waitsMs.reduce((longest, ms) => Math.max(longest, ms), 0);
  const allFailed = results.every((result) => !result.ok && !result.permanent);
  return { results, isFailure: holdMs === 0 && (hasFailed || allFailed), holdMs };
}

/** An implementation of the port is another's code: what it resolves with is looked at before it is believed. */
function assertResults(answers: unknown): readonly UpstreamResult[] {
  if (!Array.isArray(answers) || !answers.every(isUpstreamResult)) {
    throw new UpstreamCallError('bad_answer', 'the answer is not a list of answers to ids');
  }
  return answers;
}

function isUpstreamResult(answer: unknown): answer is UpstreamResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'id' in answer &&
    typeof answer.id === 'bigint' &&
    'ok' in answer &&
    ((answer.ok === true && hasStorableData(answer)) || (answer.ok === false && isErrorResult(answer)))
  );
}

function hasStorableData(answer: object): boolean {
  return !('dataJson' in answer) || answer.dataJson === null || typeof answer.dataJson === 'string';
}

function isErrorResult(answer: object): boolean {
  return (
    'message' in answer &&
    typeof answer.message === 'string' &&
    'permanent' in answer &&
    typeof answer.permanent === 'boolean'
  );
}

function toUpstreamCallError(error: unknown): UpstreamCallError {
  if (error instanceof UpstreamCallError) {
    return error;
  }
  const message = error instanceof Error ? error.message : 'the call failed without an error';
  return new UpstreamCallError('network', message, false, { cause: error });
}
