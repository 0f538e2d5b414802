import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** A route in the router of Express 5. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Finds the methods of a path, so that a wrong method (405) differs from an unknown path (404). */
@Injectable()
export class AllowedMethods {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Returns the methods of the path; an empty list if no route has this path. */
  of(path: string): string[] {
    const app = this.adapterHost.httpAdapter.getInstance<{ router: { stack: readonly RouterLayer[] } }>();
    const methods = app.router.stack
      .filter((layer) => layer.route !== undefined && matches(layer, path))
      .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
      .map((method) => method.toUpperCase());
    const allowed = new Set(methods);
    if (allowed.has('GET')) {
      allowed.add('HEAD');
    }
    return [...allowed];
  }
}

function matches(layer: RouterLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false; // a path with a malformed escape has no route
  }
}
