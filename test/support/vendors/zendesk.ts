import { SlidingWindow } from './sliding-window.js';
import type { Vendor, VendorRequest, VendorResponse } from './vendor.js';

const MAX_IDS = 100;
const PATH = '/api/v2/users/show_many.json';

/**
 * Zendesk, "Show Many Users": ids with commas between them in the query, at most 100; the answer holds them as numbers. A 429
 * tells in `Retry-After` how many seconds to wait.
 */
export class Zendesk implements Vendor {
  private readonly window: SlidingWindow;

  constructor(
    private readonly max = 400,
    perMs = 60_000,
  ) {
    this.window = new SlidingWindow(max, perMs);
  }

  respond({ method, url, headers, atMs }: VendorRequest): VendorResponse {
    const remaining = this.window.admit(atMs);
    const limits = {
      'x-rate-limit': String(this.max),
      'x-rate-limit-remaining': String(Math.max(0, remaining)),
    };
    if (remaining < 0) {
      const seconds = Math.ceil(this.window.untilRoomMs(atMs) / 1000);
      return {
        status: 429,
        headers: { ...limits, 'retry-after': String(seconds), 'content-type': 'text/plain' },
        body: 'Number of allowed API requests per minute exceeded',
        isThrottled: true,
      };
    }
    if (method !== 'GET' || url.pathname !== PATH || headers.authorization?.startsWith('Basic ') !== true) {
      return { status: 404, body: '{"error":"RecordNotFound","description":"Not found"}' };
    }
    const ids = (url.searchParams.get('ids') ?? '').split(',');
    if (ids.length > MAX_IDS) {
      return { status: 400, body: '{"error":"TooManyIds"}' };
    }
    const users = ids.map((id) => `{"id":${id},"name":"User ${id}","role":"end-user"}`);
    return {
      headers: limits,
      body: `{"users":[${users.join(',')}],"next_page":null,"count":${String(ids.length)}}`,
    };
  }
}
