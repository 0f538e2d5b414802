import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { GitHub, type GitHubLimits } from './github.js';
import { HubSpot } from './hubspot.js';
import { Shopify } from './shopify.js';
import type { Vendor } from './vendor.js';
import { Zendesk } from './zendesk.js';

/** The name of a vendor, with the limits that it keeps instead of its published ones. */
export type VendorChoice =
  | readonly ['github', limits?: GitHubLimits]
  | readonly ['hubspot', max?: number, perMs?: number]
  | readonly ['shopify', maximumAvailable?: number, restoreRate?: number]
  | readonly ['zendesk', max?: number, perMs?: number];

/** The requests that a vendor got: when each arrived, in ms, and how many were too many. */
export interface VendorReport {
  readonly arrivedAtMs: readonly number[];
  readonly throttled: number;
}

function makeVendor(choice: VendorChoice): Vendor {
  switch (choice[0]) {
    case 'github':
      return new GitHub(choice[1]);
    case 'hubspot':
      return new HubSpot(choice[1], choice[2]);
    case 'shopify':
      return new Shopify(choice[1], choice[2]);
    case 'zendesk':
      return new Zendesk(choice[1], choice[2]);
  }
}

/** Serves the API of a vendor. The report grows with each request. */
function serve(vendor: Vendor, report: { arrivedAtMs: number[]; throttled: number }): Server {
  return createServer((incoming, outgoing) => {
    const atMs = performance.now();
    void text(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      report.arrivedAtMs.push(atMs);
      const request = { method: incoming.method ?? '', url, headers: incoming.headers, body, atMs };
      const { status = 200, headers, body: answer, isThrottled = false } = vendor.respond(request);
      report.throttled += isThrottled ? 1 : 0;
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
    });
  });
}

const report = { arrivedAtMs: [], throttled: 0 };
const choice = JSON.parse(process.argv[2] ?? '') as VendorChoice;
const server = serve(makeVendor(choice), report).listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
process.on('message', () => process.send?.(report));
process.on('disconnect', () => process.exit());
