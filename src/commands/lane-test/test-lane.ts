import type { Outcome } from '../../domain/dispatch.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import {
  ExternalApi,
  UpstreamCallError,
  type UpstreamCall,
  type UpstreamResult,
} from '../../external-api/external-api.js';
import { redactText } from '../../external-api/http/echo-redactor.ts';
import { toRequest } from '../../external-api/http/to-request.js';
import { toEchoPatterns } from '../../external-api/http/upstream-secrets.js';
import { sendsPerId, type UpstreamOptions } from '../../external-api/http/upstream.options.js';
import { MalformedResponseError } from '../../external-api/json/malformed-response-error.ts';
import { matchResults } from '../../scheduler/dispatch/match-results.js';
import { RetryPolicy } from '../../scheduler/dispatch/retry-policy.js';
import { UpstreamCaller } from '../../scheduler/dispatch/upstream-caller.js';
import type { LaneOptions } from '../../scheduler/lanes/lane.options.js';
import { readSample } from './read-sample.js';
import type { SampleAnswer } from './sample-answer.js';

const DISPATCH_ID = '00000000-0000-7000-8000-000000000000';
const HIDDEN = '(hidden)';

/** Formats the requests that a dispatch of these ids would send. Secrets are not shown. */
export function formatRequests(upstream: UpstreamOptions, ids: readonly bigint[]): string {
  const requests = sendsPerId(upstream) ? ids.map((id) => [id]) : [ids];
  const text = requests.map((each, i) => formatRequest(upstream, each, i)).join('\n');
  return redactText(text, toEchoPatterns(upstream, undefined).data);
}

function formatRequest(upstream: UpstreamOptions, ids: readonly bigint[], place: number): string {
  const key = sendsPerId(upstream) ? `${DISPATCH_ID}-${String(place)}` : DISPATCH_ID;
  const { method, url, body, headers = {} } = toRequest(upstream, { ids, dispatchId: DISPATCH_ID, key });
  const shown = {
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...Object.fromEntries(Object.keys(upstream.headers).map((name) => [name, HIDDEN])),
    ...headers,
    ...(upstream.tokenFile !== null && { authorization: `Bearer ${HIDDEN}` }),
    'idempotency-key': key,
  };
  const lines = Object.entries(shown).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, ...(body === '' ? [] : ['', body]), ''].join('\n');
}

/**
 * Formats what each id becomes if the upstream answers with a sample, and what that means for the lane.
 * @throws MalformedResponseError if the mapping does not fit the sample.
 */
export async function formatOutcomes(
  lane: LaneOptions,
  upstream: UpstreamOptions,
  ids: readonly bigint[],
  sample: SampleAnswer,
): Promise<string> {
  const api = new SampleApi(upstream, sample);
  const keyed = { value: '', isRepeated: false, dispatchId: DISPATCH_ID };
  const call: UpstreamCall = {
    dispatchId: DISPATCH_ID,
    keys: { dispatch: keyed, ids: ids.map(() => keyed) },
    ids,
  };
  const caller = new UpstreamCaller(new SystemRuntime());
  const result = await caller.call({ options: lane, externalApi: api }, call, new AbortController().signal);
  if (api.fault !== null) {
    throw api.fault;
  }
  const policy = new RetryPolicy(
    {
      maxAttempts: lane.maxAttempts,
      baseMs: lane.retryBaseMs,
      maxMs: lane.retryMaxMs,
      honorsRetryAfter: lane.retryAfterMaxMs > 0,
      storesResults: true,
    },
    { random: () => 1 },
  );
  const holdMs = Math.min(Math.max(result.holdMs, api.toldMs), lane.retryAfterMaxMs);
  return [
    ...result.results.map((each, i) => `${String(ids[i])}: ${describe(policy.decide(each, 0))}`),
    ...matchResults(ids, api.results).unexpected.map((what) => `ignored: ${what}`),
    ...(holdMs > 0 ? [`the lane is held for ${String(Math.ceil(holdMs / 1000))} s`] : []),
    ...(result.isRateLimited && holdMs === 0 ? ['the lane is held by a backoff'] : []),
    ...(result.isFailure ? ['the breaker counts a failed dispatch'] : []),
  ].join('\n');
}

function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'completed':
      return typeof outcome.dataJson === 'string' ? `completed, ${outcome.dataJson}` : 'completed';
    case 'retry':
      return `retried (${outcome.error.kind}: ${outcome.error.message})`;
    case 'failed':
      return `failed (${outcome.error.kind}: ${outcome.error.message})`;
    case 'postponed':
      return 'sent again, no attempt counted';
  }
}

/** An upstream that answers each request with the sample. */
class SampleApi extends ExternalApi {
  override readonly description = 'a sample';
  override readonly sharesKey: boolean;
  /** The error of a mapping that does not fit. */
  fault: MalformedResponseError | null = null;
  results: readonly UpstreamResult[] = [];
  /** The longest time to wait that the head of the sample tells, in ms. */
  toldMs = 0;

  constructor(
    private readonly upstream: UpstreamOptions,
    private readonly sample: SampleAnswer,
  ) {
    super();
    this.sharesKey = !sendsPerId(upstream);
  }

  override async process({ ids }: UpstreamCall): Promise<readonly UpstreamResult[]> {
    this.results = this.sharesKey ? this.read(ids, null) : ids.flatMap((id) => this.readOne(id));
    return this.results;
  }

  private readOne(id: bigint): readonly UpstreamResult[] {
    try {
      return this.read([id], id);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) {
        throw error;
      }
      const { kind, message, permanent, isRateLimited, retryAfterMs } = error;
      const waits = retryAfterMs === undefined ? {} : { retryAfterMs };
      return [{ id, ok: false, kind, message, permanent, isRateLimited, ...waits }];
    }
  }

  private read(ids: readonly bigint[], id: bigint | null): readonly UpstreamResult[] {
    try {
      return readSample(this.sample, this.upstream, {
        ids,
        id,
        nowMs: new SystemRuntime().wallMs(),
        onLimit: ({ remaining, resetInMs }) => {
          this.toldMs = remaining === 0 ? Math.max(this.toldMs, resetInMs) : this.toldMs;
        },
      });
    } catch (error) {
      if (error instanceof MalformedResponseError) {
        this.fault = error;
      }
      throw error;
    }
  }
}
