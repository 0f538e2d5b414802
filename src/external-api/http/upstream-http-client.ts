import type { IncomingMessage } from 'node:http';
import type { CachedLookup } from '../../platform/dns/cached-lookup.js';
import { ACCEPTED_ENCODINGS, readBytes } from './response-decoder.js';
import type { AnswerReader } from './response-parser.js';
import { Connections } from './connections.js';
import { sendWhenDue, UnsentError } from './slot-gated-request.js';
import { CallFailedError, type Answer } from '../external-api.js';
import type { HttpUpstream, UpstreamMethod } from './upstream.options.js';
import { parseRetryAfter } from './retry-after.js';
import type { SharedDeparture } from './shared-send-permit.js';
import type { TokenFile } from './token-file.js';
import { traceparentOf } from './trace-context.js';

/** What a refusal says beside its status is not read for longer than this, nor more of it. */
const SKIP_MS = 1000;
const SKIP_BYTES = 65_536;
/** What is shorter stands in any message by chance. */
const SHORTEST_SECRET = 6;
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;
/** Codes of zlib's errors. */
const UNPACKING_FAILED = /^(Z_|ERR__)/;
/** Codes of OpenSSL's verification. */
const CERTIFICATE_REFUSED = /^(?=[A-Z_]+$).*(?:_|^)(CERT|LEAF_SIGNATURE|INVALID_CA|CRL)(?:_|$)/;
const OTHER_HOST = 'ERR_TLS_CERT_ALTNAME_INVALID';
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);

/** One request to the upstream. */
export interface Exchange {
  readonly method: UpstreamMethod;
  readonly url: string;
  /** Empty where the method carries none. */
  readonly body: string;
  /** Whom the answer is to; null where it is a list of answers. */
  readonly id: bigint | null;
  readonly dispatchId: string;
  readonly idempotencyKey: string;
  readonly departure: SharedDeparture;
}

/** Speaks HTTP with the upstream: identifies itself, never follows a redirect, holds no more than it may. */
export class UpstreamClient {
  private readonly connections: Connections;

  constructor(
    private readonly upstream: HttpUpstream,
    private readonly tokenFile: TokenFile | null,
    private readonly reader: AnswerReader,
    names: CachedLookup,
  ) {
    this.connections = new Connections(upstream.url, upstream.ca, names.lookup);
  }

  /**
   * Resolves with what stands in an answer whose status is 2xx, null where it is empty.
   * @throws CallFailedError for any other, and for none.
   */
  async exchange(exchange: Exchange, signal: AbortSignal): Promise<readonly Answer[] | null> {
    try {
      const body = await this.read(await this.send(exchange, signal));
      return body === null ? null : await this.reader.read(body, exchange.id, signal);
    } catch (error) {
      throw toFailure(error, signal);
    }
  }

  /** A call of so many requests leaves in `inMs`: their connections are made shortly before. */
  prepare(inMs: number, requests: number): void {
    this.connections.prepare(inMs, requests);
  }

  /** A message of the upstream's, without what we told it in confidence. */
  redact(message: string): string {
    return this.secrets().reduce((text, secret) => text.replaceAll(secret, '[redacted]'), message);
  }

  private async send(
    { method, url, body, dispatchId, idempotencyKey, departure }: Exchange,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const token = await this.tokenFile?.current();
    const { host, hostname, port, pathname, search } = new URL(url);
    const options = {
      method,
      host: hostname,
      port,
      path: pathname + search,
      headers: {
        host,
        accept: 'application/json',
        'accept-encoding': ACCEPTED_ENCODINGS,
        'user-agent': 'sluice',
        ...(body !== '' && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        }),
        ...this.upstream.headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'idempotency-key': idempotencyKey,
        traceparent: traceparentOf(dispatchId),
      },
      signal,
    };
    return sendWhenDue(this.connections, options, body, departure);
  }

  private async read(answer: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
    const { statusCode = 0, headers } = answer;
    if (statusCode < 200 || statusCode > 299) {
      await skip(answer);
      throw failureOfStatus(statusCode, retryAfterOf(statusCode, headers));
    }
    const bytes = await readBytes(answer, headers['content-encoding'], this.upstream.maxAnswerBytes);
    if (bytes.length === 0) {
      return null;
    }
    const type = headers['content-type'];
    if (type !== undefined && !JSON_TYPE.test(type)) {
      throw new CallFailedError('bad_answer', 'the answer is not JSON by its Content-Type');
    }
    return bytes;
  }

  private secrets(): string[] {
    return [...Object.values(this.upstream.headers), this.tokenFile?.last ?? '']
      .flatMap((value) => value.split(' '))
      .filter((secret) => secret.length >= SHORTEST_SECRET);
  }
}

function failureOfStatus(status: number, retryAfterMs: number | undefined): CallFailedError {
  const passes = TRANSIENT_STATUS.has(status) || status >= 500 || status < 400;
  const note = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return new CallFailedError(
    passes ? 'upstream' : 'rejected',
    `the upstream answered ${String(status)}${note}`,
    !passes,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

function retryAfterOf(status: number, headers: IncomingMessage['headers']): number | undefined {
  return status === 429 || status === 503
    ? parseRetryAfter(headers['retry-after'], headers.date, Date.now())
    : undefined;
}

/** Reads a body to its end, so that its connection stays good; one that is long or slow is cut off. */
async function skip(body: IncomingMessage): Promise<void> {
  const timer = setTimeout(() => body.destroy(), SKIP_MS);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > SKIP_BYTES) {
        break;
      }
    }
  } catch {
    // it broke off: its status is known
  } finally {
    clearTimeout(timer);
  }
}

/** An abort says more than what it broke. */
function toFailure(error: unknown, signal: AbortSignal): CallFailedError {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof CallFailedError) {
    return cause;
  }
  if (cause instanceof UnsentError) {
    return new CallFailedError(
      'network',
      `the call failed: ${describe(codeOf(cause.cause ?? cause))}`,
      false,
      {
        cause: error,
        isUnsent: true,
      },
    );
  }
  const what = codeOf(cause);
  return UNPACKING_FAILED.test(what)
    ? new CallFailedError('bad_answer', `the answer cannot be unpacked: ${what}`, false, { cause: error })
    : new CallFailedError('network', `the call failed: ${describe(what)}`, false, { cause: error });
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : message;
}

function describe(code: string): string {
  if (code === OTHER_HOST) {
    return `the certificate of the upstream is of another host: ${code}`;
  }
  return CERTIFICATE_REFUSED.test(code) ? `the certificate of the upstream is not trusted: ${code}` : code;
}
