import type { IncomingHttpHeaders } from 'node:http';

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When it arrived, in ms. */
  readonly atMs: number;
}

export interface VendorResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** True if the vendor refuses the request because there were too many. */
  readonly isThrottled?: boolean;
}

/** A vendor's API: answers a request, and keeps its limits. */
export interface Vendor {
  respond(request: VendorRequest): VendorResponse;
}
