import type { Vendor, VendorRequest, VendorResponse } from './vendor.js';

const PATH = '/admin/api/2026-07/graphql.json';

interface Query {
  readonly query: string;
  readonly variables: { readonly ids: readonly string[] };
}

/**
 * Shopify's GraphQL Admin API with `nodes(ids)`: an object costs a point, and the points come back evenly. A query that costs
 * more than there is gets a 200 whose body says `THROTTLED`.
 */
export class Shopify implements Vendor {
  private available: number;
  private countedMs: number | null = null;

  constructor(
    private readonly maximumAvailable = 2000,
    private readonly restoreRate = 100,
  ) {
    this.available = maximumAvailable;
  }

  respond({ method, url, headers, body, atMs }: VendorRequest): VendorResponse {
    if (method !== 'POST' || url.pathname !== PATH || headers['x-shopify-access-token'] === undefined) {
      return { status: 401, body: '{"errors":"[API] Invalid API key or access token"}' };
    }
    const { query, variables } = JSON.parse(body) as Query;
    if (!query.includes('nodes(ids: $ids)')) {
      return { body: '{"errors":[{"message":"Parse error","extensions":{"code":"undefinedField"}}]}' };
    }
    this.restore(atMs);
    const cost = variables.ids.length;
    if (cost > this.available) {
      const errors = [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }];
      return { body: JSON.stringify({ errors, ...this.costs(cost, null) }), isThrottled: true };
    }
    this.available -= cost;
    const nodes = variables.ids.map((id) => ({ id, title: `Product ${id.slice(id.lastIndexOf('/') + 1)}` }));
    return { body: JSON.stringify({ data: { nodes }, ...this.costs(cost, cost) }) };
  }

  private restore(atMs: number): void {
    const restored = ((atMs - (this.countedMs ?? atMs)) / 1000) * this.restoreRate;
    this.available = Math.min(this.maximumAvailable, this.available + restored);
    this.countedMs = atMs;
  }

  private costs(requestedQueryCost: number, actualQueryCost: number | null): object {
    const throttleStatus = {
      maximumAvailable: this.maximumAvailable,
      currentlyAvailable: Math.floor(this.available),
      restoreRate: this.restoreRate,
    };
    return { extensions: { cost: { requestedQueryCost, actualQueryCost, throttleStatus } } };
  }
}
