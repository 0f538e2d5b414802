import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { HostLookup } from '../../platform/dns/cached-lookup.js';
import { ACCEPTED_ENCODINGS, readDecodedBody } from './response-decoder.js';
import type { ResponseParser } from './response-parser.js';
import { Connections } from './connections.js';
import { sendAtSlot } from './slot-gated-request.js';
import {
  UpstreamCallError,
  type CallKey,
  type UpstreamCall,
  type UpstreamLimit,
  type UpstreamResult,
} from '../external-api.js';
import type { AnswerMapper } from '../mapping/answer-mapper.js';
import type { UpstreamOptions, UpstreamMethod } from './upstream.options.js';
import { toMappedResults } from './mapped-results.js';
import { readErrorBody } from './read-error-body.js';
import { readLimits, toRetryAfterMs } from './response-limits.js';
import type { SharedSendPermit } from './shared-send-permit.js';
import { ClientCertificate } from '../auth/client-certificate.js';
import type { TokenSource } from '../auth/token-source.js';
import { toUpstreamCallError } from './to-upstream-call-error.js';
import { toEchoPatterns } from './upstream-secrets.js';
import type { EchoPatterns } from './echo-redactor.ts';
import { toTraceparent } from './trace-context.js';
import type { Runtime } from '../../domain/runtime.js';

/** Limits for reading the body of an error response. */
const DRAIN_TIMEOUT_MS = 1000;
const MAX_DRAINED_BYTES = 65_536;
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;
const TOKEN_REFUSED = 'the upstream answered 401: its access token is renewed';
const TOO_MANY_REQUESTS = 429;
/** The answer to a repeated key whose first request is not processed yet (draft-ietf-httpapi-idempotency-key-header). */
const CONFLICT = 409;
const STILL_WORKING = 'the upstream answered 409: it may still work on the first request with this key';
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, TOO_MANY_REQUESTS]);

/** One HTTP request to the upstream. */
export interface UpstreamRequest {
  readonly method: UpstreamMethod;
  readonly url: string;
  /** Empty if the method has no body. */
  readonly body: string;
  /** Headers of this request alone, by their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ids: readonly bigint[];
  /** The id that the response is about; null if it is a list of results. */
  readonly id: bigint | null;
  readonly dispatchId: string;
  readonly key: CallKey;
  readonly sendPermit: SharedSendPermit;
  readonly onLimit: UpstreamCall['onLimit'];
}

/** A request whose response the mapping of the lane reads. */
interface MappedRequest extends Pick<UpstreamRequest, 'id' | 'ids' | 'key' | 'onLimit'> {
  readonly limits: readonly UpstreamLimit[];
  readonly signal: AbortSignal;
  readonly token: string | undefined;
}

/**
 * An HTTP client for the upstream: it adds credentials, never follows a redirect, and limits the size of
 * responses.
 */
export class UpstreamHttpClient {
  private readonly connections: Connections;
  /** The patterns of the last token: they are the same until the token changes. */
  private echoes: { readonly token: string | undefined; readonly patterns: EchoPatterns } | null = null;

  constructor(
    private readonly upstream: UpstreamOptions,
    private readonly tokens: TokenSource | null,
    private readonly parser: ResponseParser,
    hosts: HostLookup,
    private readonly runtime: Runtime,
  ) {
    const { url, ca, clientCertificate, proxy } = upstream;
    this.connections = new Connections(
      url,
      ca,
      hosts.lookup,
      runtime,
      clientCertificate === undefined ? null : new ClientCertificate(clientCertificate),
      proxy === undefined ? null : new URL(proxy),
    );
  }

  /**
   * Sends a request. Resolves with the results of a 2xx response; null if its body is empty.
   * @throws UpstreamCallError for any other response, and for none.
   */
  async request(
    upstreamRequest: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<readonly UpstreamResult[] | null> {
    try {
      const token = await this.currentToken();
      const answer = await this.send(upstreamRequest, token, signal);
      if (token !== undefined && this.tokens?.isRenewedAfter(token, answer.statusCode ?? 0) === true) {
        await drainResponse(answer, this.runtime);
        throw new UpstreamCallError('upstream', TOKEN_REFUSED, false, { isRefused: true });
      }
      const limits = readLimits(answer, this.upstream.rateLimitNames, this.runtime.wallMs());
      limits.forEach((limit) => upstreamRequest.onLimit?.(limit));
      const mapper = this.upstream.mapping?.answer ?? null;
      if (mapper !== null) {
        return await this.map(mapper, answer, { ...upstreamRequest, limits, signal, token });
      }
      const body = await this.read(answer, limits, upstreamRequest.key);
      return body === null
        ? null
        : await this.parser.parse(body, upstreamRequest.id, signal, this.echoesOf(token));
    } catch (error) {
      throw toUpstreamCallError(error, signal);
    }
  }

  /** Opens connections shortly before a dispatch with `requests` requests is sent in `inMs`. */
  prepare(inMs: number, requests: number): void {
    this.connections.prepare(inMs, requests);
    void this.tokens?.current().catch(() => undefined); // a call that needs the token reports why there is none
  }

  private async currentToken(): Promise<string | undefined> {
    try {
      return await this.tokens?.current();
    } catch (error) {
      const { message } = error as Error;
      throw new UpstreamCallError('network', `no access token: ${message}`, false, {
        cause: error,
        isUnsent: true,
      });
    }
  }

  private echoesOf(token: string | undefined): EchoPatterns {
    if (this.echoes?.token !== token || this.echoes === null) {
      this.echoes = { token, patterns: toEchoPatterns(this.upstream, token) };
    }
    return this.echoes.patterns;
  }

  private async send(
    { method, url, body, headers, dispatchId, key, sendPermit }: UpstreamRequest,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
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
        ...headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'idempotency-key': key.value,
        traceparent: toTraceparent(dispatchId, this.runtime),
      },
      signal,
    };
    return sendAtSlot(this.connections, options, body, sendPermit, this.runtime);
  }

  /**
   * Reads a response as the mapping of the lane says.
   * @throws UpstreamCallError if the call has failed, or the response does not fit.
   */
  private async map(
    mapper: AnswerMapper,
    answer: IncomingMessage,
    { id, ids, key, onLimit, limits, signal, token }: MappedRequest,
  ): Promise<readonly UpstreamResult[]> {
    const { statusCode: status = 0, headers, headersDistinct } = answer;
    const body = mapper.readsResultsOf(status)
      ? await this.readJson(answer)
      : await readErrorBody(answer, this.runtime);
    signal.throwIfAborted();
    const head = { status, headers: toPlainHeaders(headers) };
    const response = await this.parser.parseMapped(body, mapper, { head, id }, signal, this.echoesOf(token));
    return toMappedResults(response, {
      ids,
      onLimit,
      limits,
      retryAfter: headersDistinct['retry-after'] ?? [],
      clock: { date: headers.date, nowMs: this.runtime.wallMs() },
      statusError: toStatusError(status, limits, key),
    });
  }

  private async read(
    answer: IncomingMessage,
    limits: readonly UpstreamLimit[],
    key: CallKey,
  ): Promise<Buffer<ArrayBuffer> | null> {
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299) {
      await drainResponse(answer, this.runtime);
      throw toStatusError(statusCode, limits, key);
    }
    const bytes = await this.readJson(answer);
    return bytes.length === 0 ? null : bytes;
  }

  /** Reads a body that must be JSON by its `Content-Type`, or empty. */
  private async readJson(answer: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
    const { headers } = answer;
    const bytes = await readDecodedBody(answer, headers['content-encoding'], this.upstream.maxResponseBytes);
    const type = headers['content-type'];
    if (bytes.length > 0 && type !== undefined && !JSON_TYPE.test(type)) {
      throw new UpstreamCallError('bad_answer', 'the answer is not JSON by its Content-Type');
    }
    return bytes;
  }
}

/** Joins headers that occur more than once. */
export function toPlainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Returns the error that a status other than 2xx means. */
export function toStatusError(
  status: number,
  limits: readonly UpstreamLimit[],
  key: CallKey,
): UpstreamCallError {
  if (status === CONFLICT && key.isRepeated) {
    return new UpstreamCallError('upstream', STILL_WORKING, false, {
      upstreamStatus: status,
      isOutcomeUnknown: true,
    });
  }
  const passes = TRANSIENT_STATUS.has(status) || status >= 500 || status < 400;
  const note = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const retryAfterMs = toRetryAfterMs(status, limits);
  return new UpstreamCallError(
    passes ? 'upstream' : 'rejected',
    `the upstream answered ${String(status)}${note}`,
    !passes,
    {
      upstreamStatus: status,
      isRateLimited: status === TOO_MANY_REQUESTS,
      ...(retryAfterMs > 0 && { retryAfterMs }),
    },
  );
}

/** Reads a body to its end, so that its connection can be reused; a long or slow body is cut off. */
async function drainResponse(body: IncomingMessage, runtime: Runtime): Promise<void> {
  const timer = runtime.setTimeout(() => body.destroy(), DRAIN_TIMEOUT_MS);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_DRAINED_BYTES) {
        break;
      }
    }
  } catch {
    // The body was cut off; the status is already known.
  } finally {
    runtime.clearTimeout(timer);
  }
}
