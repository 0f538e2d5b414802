import { Injectable, Logger } from '@nestjs/common';
import {
  CallFailedError,
  ExternalApi,
  type Answer,
  type ExternalCall,
} from '../external-api/external-api.js';
import { matchAnswers, type IdResult } from './answers.js';
import { ofDispatch } from './dispatch-log.js';
import { keptMessage } from './kept-message.js';

/** Calls the external API within its time, and makes a result for each id of whatever comes back. */
@Injectable()
export class ExternalCaller {
  private readonly logger = new Logger('ExternalCaller');

  constructor(
    private readonly externalApi: ExternalApi,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Resolves with one result for each id, in order; an upstream that fails, lies or hangs makes failed results.
   * @throws the signal's reason when `stop` aborts: then there is no result.
   */
  async call(call: ExternalCall, stop: AbortSignal): Promise<readonly IdResult[]> {
    stop.throwIfAborted();
    try {
      const { results, oddities } = matchAnswers(call.ids, await this.answersInTime(call, stop));
      if (oddities.length > 0) {
        this.logger.warn(
          ofDispatch(
            call.dispatchId,
            `: answers ignored: ${oddities.slice(0, 10).join(', ')}` +
              (oddities.length > 10 ? ` and ${String(oddities.length - 10)} more` : ''),
          ),
        );
      }
      return results;
    } catch (error) {
      stop.throwIfAborted();
      const failure = toFailure(error);
      return call.ids.map(() => ({
        ok: false,
        error: { kind: failure.kind, message: keptMessage(failure.message) },
        permanent: failure.permanent,
      }));
    }
  }

  /** Ends with its time also when the external API does not heed its signal. */
  private async answersInTime(call: ExternalCall, stop: AbortSignal): Promise<readonly Answer[]> {
    const controller = new AbortController();
    const ended = Promise.withResolvers<never>();
    const end = (error: unknown): void => {
      ended.reject(error); // before the abort: a call that heeds its signal rejects too, with less to say
      controller.abort(error);
    };
    const timer = setTimeout(() => {
      end(new CallFailedError('timeout', `no answer within ${String(this.timeoutMs / 1000)} s`));
    }, this.timeoutMs);
    const onStop = (): void => {
      end(stop.reason);
    };
    stop.addEventListener('abort', onStop);
    try {
      const answers = this.externalApi.process(call, controller.signal);
      answers.then(
        () => {
          this.noteLate(call, controller.signal);
        },
        () => undefined,
      );
      return checkAnswers(await Promise.race([answers, ended.promise]));
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }

  private noteLate(call: ExternalCall, signal: AbortSignal): void {
    if (signal.aborted) {
      this.logger.warn(ofDispatch(call.dispatchId, ': an answer came after its call had ended; ignored'));
    }
  }
}

/** An implementation of the port is another's code: what it resolves with is looked at before it is believed. */
function checkAnswers(answers: unknown): readonly Answer[] {
  if (!Array.isArray(answers) || !answers.every(isAnswer)) {
    throw new CallFailedError('bad_answer', 'the answer is not a list of answers to ids');
  }
  return answers;
}

function isAnswer(answer: unknown): answer is Answer {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'id' in answer &&
    typeof answer.id === 'bigint' &&
    'ok' in answer &&
    (answer.ok === true || (answer.ok === false && isRefusal(answer)))
  );
}

function isRefusal(answer: object): boolean {
  return (
    'message' in answer &&
    typeof answer.message === 'string' &&
    'permanent' in answer &&
    typeof answer.permanent === 'boolean'
  );
}

function toFailure(error: unknown): CallFailedError {
  if (error instanceof CallFailedError) {
    return error;
  }
  const message = error instanceof Error ? error.message : 'the call failed without an error';
  return new CallFailedError('network', message, false, { cause: error });
}
