import { Injectable } from '@nestjs/common';
import { MockExternalApiOptions } from './external-api.options.js';
import { ExternalApi, type UpstreamResult, type UpstreamCall } from './external-api.js';
import { Runtime } from '../domain/runtime.js';

/**
 * The simulated API. It returns `{"id": n, "data": "processed"}` for each id after a random time, and
 * sometimes a failure.
 */
@Injectable()
export class MockExternalApi extends ExternalApi {
  override readonly description: string;
  override readonly sharesKey = false;

  constructor(
    private readonly options: MockExternalApiOptions,
    private readonly runtime: Runtime,
  ) {
    super();
    const { delayMinMs, delayMaxMs } = options;
    this.description = `simulated API (${String(delayMinMs / 1000)} to ${String(delayMaxMs / 1000)} s per id)`;
  }

  override async process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    await call.beforeSend?.();
    call.onSent?.();
    return Promise.all(call.ids.map((id) => this.processId(id, signal)));
  }

  private async processId(id: bigint, signal: AbortSignal): Promise<UpstreamResult> {
    const { delayMinMs, delayMaxMs, errorRate, random } = this.options;
    const delayMs = delayMinMs + random() * (delayMaxMs - delayMinMs);
    const fails = random() < errorRate;
    if (delayMs > 0) {
      await this.runtime.sleep(delayMs, { signal });
    }
    return fails
      ? { id, ok: false, message: 'simulated failure', permanent: false }
      : { id, ok: true, data: 'processed' };
  }
}
