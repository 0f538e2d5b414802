import { CachedLookup, type HostLookup } from '../../platform/dns/cached-lookup.js';
import { DnsLookup } from '../../platform/dns/dns-lookup.js';
import type { ResponseParser } from './response-parser.js';
import { sendBatchRequest } from './batch-request.js';
import { sendPerIdRequests } from './per-id-requests.js';
import { ExternalApi, type UpstreamResult, type UpstreamCall } from '../external-api.js';
import { sendsPerId, type UpstreamOptions } from './upstream.options.js';
import { OAuthTokens } from '../auth/oauth-tokens.js';
import type { TokenSource } from '../auth/token-source.js';
import { TokenFile } from './token-file.js';
import { UpstreamHttpClient } from './upstream-http-client.js';
import type { Runtime } from '../../domain/runtime.js';

/** A real upstream over HTTP, with one request per dispatch or one per id. */
export class HttpExternalApi extends ExternalApi {
  override readonly description: string;
  private readonly client: UpstreamHttpClient;
  /** The number of requests of the last dispatch; the next one is expected to need as many. */
  private requests = 1;

  /** @throws Error if its token file cannot be used. */
  constructor(
    private readonly upstream: UpstreamOptions,
    parser: ResponseParser,
    runtime: Runtime,
    hosts: HostLookup = new CachedLookup(runtime, new DnsLookup(runtime)),
  ) {
    super();
    const { origin, pathname } = new URL(upstream.url);
    this.description = `${origin}${decodeURI(pathname)}`;
    this.client = new UpstreamHttpClient(
      upstream,
      openTokens(upstream, runtime, hosts),
      parser,
      hosts,
      runtime,
    );
  }

  override get sharesKey(): boolean {
    return !sendsPerId(this.upstream);
  }

  override async process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    const asksEach = sendsPerId(this.upstream);
    this.requests = asksEach ? call.ids.length : 1;
    const send = asksEach ? sendPerIdRequests : sendBatchRequest;
    return send(this.client, this.upstream, call, signal);
  }

  override prepare(inMs: number): void {
    this.client.prepare(inMs, this.requests);
  }
}

function openTokens(
  { tokenFile, oauth, ca }: UpstreamOptions,
  runtime: Runtime,
  { lookup }: HostLookup,
): TokenSource | null {
  if (oauth !== undefined) {
    return new OAuthTokens(oauth, runtime, lookup, ca);
  }
  return tokenFile === null ? null : TokenFile.open(tokenFile);
}
