import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Scope } from './authenticated-client.js';

export interface Need {
  /** `any`: whatever the client may do. Null: nobody is asked. */
  readonly scope: Scope | 'any' | null;
  /** A client without `admin` has to name one of its own ingestions in the query's `ingestion_id`. */
  readonly ofIngestion: boolean;
}

const NEED = Symbol('need');

/**
 * What a client must be allowed to use an endpoint. Where the path has an `ingestion_id`, it must be one of its own unless
 * it has `admin`. An endpoint that says nothing needs `admin`.
 */
export function NeedsScope(scope: Scope): MethodDecorator & ClassDecorator {
  return need({ scope, ofIngestion: false });
}

/** As {@link NeedsScope}; without `admin` the query's `ingestion_id` must be given and the client's own. */
export function NeedsScopeOfIngestion(scope: Scope): MethodDecorator & ClassDecorator {
  return need({ scope, ofIngestion: true });
}

/** Every client may, one without a scope too. */
export function NeedsAnyScope(): MethodDecorator & ClassDecorator {
  return need({ scope: 'any', ofIngestion: false });
}

/** Nobody is asked who he is. Its path is one of `public-paths.ts`. */
export function Open(): MethodDecorator & ClassDecorator {
  return need({ scope: null, ofIngestion: false });
}

/** The document tells it too. */
function need(needed: Need): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(NEED, needed), ApiExtension('x-needs-scope', needed.scope ?? 'none'));
}

export const NEED_KEY = NEED;
export const NEEDS_ADMIN: Need = { scope: 'admin', ofIngestion: false };
