import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Scope } from '../../domain/authenticated-client.js';

export interface AccessRequirement {
  /** `any`: whatever the client may do. Null: nobody is asked. */
  readonly scope: Scope | 'any' | null;
  /** A client without `admin` has to name one of its own ingestions in the query's `ingestion_id`. */
  readonly ofIngestion: boolean;
}

const ACCESS_REQUIREMENT = Symbol('need');

/**
 * What a client must be allowed to use an endpoint. Where the path has an `ingestion_id`, it must be one of its own unless
 * it has `admin`. An endpoint that says nothing needs `admin`.
 */
export function RequireScope(scope: Scope): MethodDecorator & ClassDecorator {
  return requirement({ scope, ofIngestion: false });
}

/** As {@link RequireScope}; without `admin` the query's `ingestion_id` must be given and the client's own. */
export function RequireScopeForIngestion(scope: Scope): MethodDecorator & ClassDecorator {
  return requirement({ scope, ofIngestion: true });
}

/** Every client may, one without a scope too. */
export function RequireAuthentication(): MethodDecorator & ClassDecorator {
  return requirement({ scope: 'any', ofIngestion: false });
}

/** Nobody is asked who he is. Its path is one of `public-paths.ts`. */
export function Public(): MethodDecorator & ClassDecorator {
  return requirement({ scope: null, ofIngestion: false });
}

/** The document tells it too. */
function requirement(needed: AccessRequirement): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ACCESS_REQUIREMENT, needed),
    ApiExtension('x-needs-scope', needed.scope ?? 'none'),
  );
}

export const ACCESS_REQUIREMENT_KEY = ACCESS_REQUIREMENT;
export const ADMIN_REQUIRED: AccessRequirement = { scope: 'admin', ofIngestion: false };
