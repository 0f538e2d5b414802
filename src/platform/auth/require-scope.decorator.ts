import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Scope } from '../../domain/authenticated-client.js';

export interface AccessRequirement {
  /** The scope that is needed; `any` for every authenticated client, null for a public endpoint. */
  readonly scope: Scope | 'any' | null;
  /**
   * True if a client without `admin` must name one of its own ingestions in the query parameter
   * `ingestion_id`.
   */
  readonly ofIngestion: boolean;
}

export const ACCESS_REQUIREMENT_KEY = Symbol('access requirement');

/**
 * Declares the scope that an endpoint needs. If the path has an `ingestion_id`, a client without `admin` may
 * use only its own ingestions; with `observe` it may read all. An endpoint without a declaration needs `admin`.
 */
export function RequireScope(scope: Scope): MethodDecorator & ClassDecorator {
  return requirement({ scope, ofIngestion: false });
}

/**
 * Works like {@link RequireScope}. Without `admin` (or `observe`, for an endpoint that reads) the query
 * parameter `ingestion_id` is required, and must name one of the client's own ingestions.
 */
export function RequireScopeForIngestion(scope: Scope): MethodDecorator & ClassDecorator {
  return requirement({ scope, ofIngestion: true });
}

/** Allows every authenticated client, also one without scopes. */
export function RequireAuthentication(): MethodDecorator & ClassDecorator {
  return requirement({ scope: 'any', ofIngestion: false });
}

/** Disables authentication for the endpoint. Its path must be one of `public-paths.ts`. */
export function Public(): MethodDecorator & ClassDecorator {
  return requirement({ scope: null, ofIngestion: false });
}

/** Sets the requirement for the guard and documents it in `/openapi.json`. */
function requirement(needed: AccessRequirement): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ACCESS_REQUIREMENT_KEY, needed),
    ApiExtension('x-needs-scope', needed.scope ?? 'none'),
  );
}

export const ADMIN_REQUIRED: AccessRequirement = { scope: 'admin', ofIngestion: false };
