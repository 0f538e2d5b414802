import { CachedLookup } from '../../platform/dns/cached-lookup.js';
import { DnsLookup } from '../../platform/dns/dns-lookup.js';
import type { AnswerReader } from './response-parser.js';
import { callBatch } from './batch-request.js';
import { callEach } from './per-id-requests.js';
import { ExternalApi, type Answer, type ExternalCall } from '../external-api.js';
import { isEach, type HttpUpstream } from './upstream.options.js';
import { TokenFile } from './token-file.js';
import { UpstreamClient } from './upstream-http-client.js';

/** A real upstream, spoken to over HTTP: with one request a dispatch, or with one for each of its ids. */
export class HttpExternalApi extends ExternalApi {
  override readonly description: string;
  private readonly client: UpstreamClient;
  /** Of the last call; the next one is expected to be like it. */
  private requests = 1;

  /** @throws Error where its token file cannot be used. */
  constructor(
    private readonly upstream: HttpUpstream,
    reader: AnswerReader,
    names = new CachedLookup(new DnsLookup()),
  ) {
    super();
    const { origin, pathname } = new URL(upstream.url);
    this.description = `${origin}${decodeURI(pathname)}`;
    this.client = new UpstreamClient(
      upstream,
      upstream.tokenFile === null ? null : TokenFile.open(upstream.tokenFile),
      reader,
      names,
    );
  }

  override async process(call: ExternalCall, signal: AbortSignal): Promise<readonly Answer[]> {
    const asksEach = isEach(this.upstream.url);
    this.requests = asksEach ? call.ids.length : 1;
    const send = asksEach ? callEach : callBatch;
    const answers = await send(this.client, this.upstream, call, signal);
    return answers.map((answer) =>
      answer.ok ? answer : { ...answer, message: this.client.redact(answer.message) },
    );
  }

  override prepare(inMs: number): void {
    this.client.prepare(inMs, this.requests);
  }
}
