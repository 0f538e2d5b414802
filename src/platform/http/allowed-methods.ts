import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** As the router of Express 5 keeps its routes. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Knows which methods a path has, so that a wrong one is told from an unknown path. */
@Injectable()
export class AllowedMethods {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Empty where no route has this path. */
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
    return false; // the path holds a malformed escape: no route has it
  }
}
