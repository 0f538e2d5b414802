import { SlidingWindow } from './sliding-window.js';
import type { Vendor, VendorRequest, VendorResponse } from './vendor.js';

const PATH = /^\/user\/(\d+)$/;

export interface GitHubLimits {
  /** The primary limit: so many calls until the reset, which is so many seconds after the first one. */
  readonly primary: { readonly max: number; readonly perMs: number };
  /** The secondary limit: so many calls in any such time. */
  readonly secondary: { readonly max: number; readonly perMs: number };
}

/**
 * GitHub's REST API, "Get a user using their ID". The primary limit is told in `X-RateLimit-*`, and a call beyond it gets a 403;
 * a call beyond the secondary limit gets a 403 with `Retry-After`.
 */
export class GitHub implements Vendor {
  private used = 0;
  private resetMs = 0;
  private readonly secondary: SlidingWindow;

  constructor(
    private readonly limits: GitHubLimits = {
      primary: { max: 5000, perMs: 3_600_000 },
      secondary: { max: 900, perMs: 60_000 },
    },
  ) {
    this.secondary = new SlidingWindow(limits.secondary.max, limits.secondary.perMs);
  }

  respond({ method, url, headers, atMs }: VendorRequest): VendorResponse {
    const { max, perMs } = this.limits.primary;
    if (atMs >= this.resetMs) {
      this.used = 0;
      this.resetMs = atMs + perMs;
    }
    const isOver = this.used >= max;
    this.used += isOver ? 0 : 1;
    const told = {
      'x-ratelimit-limit': String(max),
      'x-ratelimit-remaining': String(max - this.used),
      'x-ratelimit-reset': String(Math.ceil((Date.now() + this.resetMs - atMs) / 1000)),
      'x-ratelimit-resource': 'core',
    };
    if (isOver) {
      return { status: 403, headers: told, body: '{"message":"API rate limit exceeded"}', isThrottled: true };
    }
    if (this.secondary.admit(atMs) < 0) {
      const retryAfter = String(Math.ceil(this.secondary.untilRoomMs(atMs) / 1000));
      return {
        status: 403,
        headers: { ...told, 'retry-after': retryAfter },
        body: '{"message":"You have exceeded a secondary rate limit."}',
        isThrottled: true,
      };
    }
    const [, id] = PATH.exec(url.pathname) ?? [];
    const isAsked =
      method === 'GET' &&
      headers.accept === 'application/vnd.github+json' &&
      headers.authorization === 'Bearer github-token';
    return id === undefined || !isAsked
      ? { status: 404, headers: told, body: '{"message":"Not Found","status":"404"}' }
      : { headers: told, body: `{"login":"user-${id}","id":${id},"type":"User"}` };
  }
}
