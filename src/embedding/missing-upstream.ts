import { ExternalApi, UpstreamCallError, type UpstreamResult } from '../external-api/external-api.js';

/** The upstream of the default lane in an application that gives it none: every id fails at once, with the reason. */
export class MissingUpstream extends ExternalApi {
  override readonly description = 'none';
  override readonly sharesKey = false;

  constructor(private readonly lane: string) {
    super();
  }

  override process(): Promise<readonly UpstreamResult[]> {
    return Promise.reject(
      new UpstreamCallError('rejected', `lane ${this.lane} has neither a handler nor a URL`, true),
    );
  }
}
