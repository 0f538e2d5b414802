import { SlidingWindow } from './sliding-window.js';
import type { Vendor, VendorRequest, VendorResponse } from './vendor.js';

const MAX_INPUTS = 100;
const PATH = '/crm/v3/objects/contacts/batch/read';

interface BatchRead {
  readonly inputs: readonly { readonly id: unknown }[];
}

/**
 * HubSpot, "Read a batch of contacts": ids are texts, at most 100. The limit of an app is counted in a rolling window of ten
 * seconds, and a 429 names the policy and no time to wait.
 */
export class HubSpot implements Vendor {
  private readonly window: SlidingWindow;

  constructor(
    private readonly max = 190,
    private readonly perMs = 10_000,
  ) {
    this.window = new SlidingWindow(max, perMs);
  }

  respond({ method, url, headers, body, atMs }: VendorRequest): VendorResponse {
    const remaining = this.window.admit(atMs);
    const limits = {
      'x-hubspot-ratelimit-max': String(this.max),
      'x-hubspot-ratelimit-remaining': String(Math.max(0, remaining)),
      'x-hubspot-ratelimit-interval-milliseconds': String(this.perMs),
    };
    if (remaining < 0) {
      return { status: 429, headers: limits, body: RATE_LIMITED, isThrottled: true };
    }
    if (method !== 'POST' || url.pathname !== PATH || headers.authorization !== 'Bearer hubspot-token') {
      return { status: 404, body: '{"status":"error","category":"OBJECT_NOT_FOUND"}' };
    }
    const { inputs } = JSON.parse(body) as BatchRead;
    if (inputs.length > MAX_INPUTS || !inputs.every(({ id }) => typeof id === 'string')) {
      return { status: 400, body: '{"status":"error","category":"VALIDATION_ERROR"}' };
    }
    const results = inputs.map(({ id }) => ({
      id,
      properties: { email: `${String(id)}@example.com` },
      createdAt: '2026-01-01T00:00:00.000Z',
      archived: false,
    }));
    return { headers: limits, body: JSON.stringify({ status: 'COMPLETE', results: results.toReversed() }) };
  }
}

const RATE_LIMITED = JSON.stringify({
  status: 'error',
  message: 'You have reached your ten_secondly_rolling limit.',
  errorType: 'RATE_LIMIT',
  policyName: 'TEN_SECONDLY_ROLLING',
});
