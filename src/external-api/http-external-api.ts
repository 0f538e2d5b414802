import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { CallFailedError, ExternalApi, type Answer, type ExternalCall } from './external-api.js';
import { parseAnswers } from './http-answers.js';

const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);

/** A real upstream: one `POST` with `{"ids": [...]}` a dispatch, answered by `{"results": [...]}`. */
export class HttpExternalApi extends ExternalApi {
  override readonly description: string;
  private readonly agent = new Agent({ maxResponseSize: LARGEST_ANSWER_BYTES });

  constructor(private readonly url: string) {
    super();
    const { origin, pathname } = new URL(url);
    this.description = `${origin}${pathname}`;
  }

  override async process(call: ExternalCall, signal: AbortSignal): Promise<readonly Answer[]> {
    const { status, text } = await this.post(call, signal);
    if (status < 200 || status > 299) {
      throw failureOfStatus(status);
    }
    return parseAnswers(text);
  }

  private async post(call: ExternalCall, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const body = Buffer.from(`{"ids":[${call.ids.join(',')}]}`);
    try {
      const response = await request(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': String(body.length),
          'idempotency-key': call.dispatchId,
        },
        body: Readable.from(whenItMayLeave(body, call), { objectMode: false }),
        dispatcher: this.agent,
        signal,
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      throw new CallFailedError('network', describe(error), false, { cause: error });
    }
  }
}

function failureOfStatus(status: number): CallFailedError {
  const transient = TRANSIENT_STATUS.has(status) || status >= 500 || status < 400;
  return new CallFailedError(
    transient ? 'upstream' : 'rejected',
    `the upstream answered ${String(status)}`,
    !transient,
  );
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? `the call failed: ${message}` : `the call failed: ${code}`;
}

/** The body is read when the request is written: behind a connection that may have to be made first. */
async function* whenItMayLeave(body: Buffer, call: ExternalCall): AsyncGenerator<Buffer, void> {
  await call.leave?.();
  yield body;
  call.left?.(); // who asks for more has written what there was
}
