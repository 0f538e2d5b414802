import { Injectable, Logger } from '@nestjs/common';
import {
  UpstreamCallError,
  type UpstreamResult,
  type UpstreamCall,
} from '../../external-api/external-api.js';
import type { Lane } from '../lanes/lane.js';
import { matchResults, type IdResult } from './match-results.js';
import { dispatchLogLine, shorten } from './dispatch-log.js';
import { sanitizeErrorMessage } from './sanitize-message.js';
import { Runtime } from '../../domain/runtime.js';

/** The result of a call. */
export interface CallResult {
  /** One result for each id, in order. */
  readonly results: readonly IdResult[];
  /** True if the call failed, or if each of its ids failed temporarily. */
  readonly isFailure: boolean;
  /** The pause that the upstream asked for in its refusal, such as by `Retry-After`; 0 if it did not. */
  readonly holdMs: number;
  /** True if the upstream refused an id because there were too many requests (status 429). */
  readonly isRateLimited: boolean;
}

/** The parts of a lane that a call needs. */
interface CalledLane {
  readonly options: Pick<Lane['options'], 'name' | 'timeoutMs' | 'retryAfterMaxMs'>;
  readonly externalApi: Lane['externalApi'];
}

/** Calls the upstream of a lane within its timeout, and creates a result for each id from any answer. */
@Injectable()
export class UpstreamCaller {
  private readonly logger = new Logger('ExternalCaller');

  constructor(private readonly runtime: Runtime) {}

  /**
   * Resolves with a result for each id; an error, an invalid answer or a timeout gives failed results.
   * @throws the signal's reason if `stop` aborts; then there is no result.
   */
  async call(lane: CalledLane, call: UpstreamCall, stop: AbortSignal): Promise<CallResult> {
    stop.throwIfAborted();
    const honorsRefusals = lane.options.retryAfterMaxMs > 0;
    try {
      const answers = await this.resultsInTime(lane, call, stop);
      stop.throwIfAborted();
      const { results, unexpected } = matchResults(call.ids, answers);
      if (unexpected.length > 0) {
        this.logger.warn(
          dispatchLogLine(
            { ...call, lane: lane.options.name },
            `: unexpected results ignored: ${shorten(unexpected)}`,
          ),
        );
      }
      return toCallResult(results, false, honorsRefusals);
    } catch (error) {
      stop.throwIfAborted();
      const failure = toUpstreamCallError(error);
      const result: IdResult = {
        ok: false,
        error: {
          kind: failure.kind,
          message: sanitizeErrorMessage(failure.message),
          ...(failure.upstreamStatus !== undefined && { upstreamStatus: failure.upstreamStatus }),
        },
        permanent: failure.permanent,
        ...(failure.retryAfterMs !== undefined && { retryAfterMs: failure.retryAfterMs }),
        ...(failure.isRateLimited && { isRateLimited: true }),
        ...(failure.isUnsent && { isUnsent: true }),
        ...(failure.isRefused && { isRefused: true }),
        ...(failure.isOutcomeUnknown && { isOutcomeUnknown: true }),
      };
      return toCallResult(new Array<IdResult>(call.ids.length).fill(result), true, honorsRefusals);
    }
  }

  /** Ends at the timeout also if the external API ignores its signal. */
  private async resultsInTime(
    lane: CalledLane,
    call: UpstreamCall,
    stop: AbortSignal,
  ): Promise<readonly UpstreamResult[]> {
    const { timeoutMs } = lane.options;
    const controller = new AbortController();
    let isOver = false;
    const ended = Promise.withResolvers<never>();
    const end = (error: unknown): void => {
      controller.abort(error);
      this.runtime.setImmediate(() => {
        ended.reject(error); // a call that reacts to its signal has rejected by now, with the answers it has
      });
    };
    const timer = this.runtime.setTimeout(() => {
      end(new UpstreamCallError('timeout', `no answer within ${String(timeoutMs / 1000)} s`));
    }, timeoutMs);
    const onStop = (): void => {
      end(stop.reason);
    };
    stop.addEventListener('abort', onStop);
    try {
      const answers = lane.externalApi.process(call, controller.signal);
      answers.then(
        () => {
          if (isOver) {
            this.logger.warn(
              dispatchLogLine(
                { ...call, lane: lane.options.name },
                ': an answer came after its call had ended; ignored',
              ),
            );
          }
        },
        () => undefined,
      );
      return assertResults(await Promise.race([answers, ended.promise]));
    } catch (error) {
      // The reason of an abort says more than the error that it caused.
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      isOver = true;
      this.runtime.clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }
}

/**
 * Creates the result of a call. An upstream that asks for a pause, or answers 429, does not count as failed, because the
 * lane is held; where nothing holds it, it counts as failed.
 */
function toCallResult(results: readonly IdResult[], hasFailed: boolean, honorsRefusals: boolean): CallResult {
  const waitsMs = results.map((result) => (result.ok ? 0 : (result.retryAfterMs ?? 0)));
  const holdMs = waitsMs.reduce((longest, ms) => Math.max(longest, ms), 0);
  const isRateLimited = results.some((result) => !result.ok && result.isRateLimited === true);
  const isHeld = honorsRefusals && (holdMs > 0 || isRateLimited);
  const allFailed = results.every((result) => !result.ok && !result.permanent);
  return { results, isFailure: !isHeld && (hasFailed || allFailed), holdMs, isRateLimited };
}

/** Checks the answers of the port, because an application can bind its own implementation. */
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
