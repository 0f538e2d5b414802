import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ProblemDetailsError } from '../http/problem-details.js';
import { currentRequest } from '../telemetry/request-context.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionOwners } from './ingestion-owners.js';
import {
  isAdmin,
  isObserver,
  hasScope,
  type AuthenticatedClient,
} from '../../domain/authenticated-client.js';
import { ACCESS_REQUIREMENT_KEY, ADMIN_REQUIRED, type AccessRequirement } from './require-scope.decorator.js';
import { unauthorizedError } from './authentication.middleware.js';

/** Methods that change nothing. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Allows a client what its scopes permit, on its own ingestions. An ingestion of another client is answered
 * with 404, as if it did not exist. The guard is global, so a new endpoint is closed until it declares its
 * scope.
 */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly owners: IngestionOwners,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const accessRequirement =
      this.reflector.getAllAndOverride<AccessRequirement | undefined>(ACCESS_REQUIREMENT_KEY, [
        context.getHandler(),
        context.getClass(),
      ]) ?? ADMIN_REQUIRED;
    if (accessRequirement.scope === null) {
      return true;
    }
    const client = currentRequest()?.client;
    if (client === undefined) {
      throw unauthorizedError('a key or a token is needed', 'Bearer realm="sluice"');
    }
    if (accessRequirement.scope !== 'any' && !hasScope(client, accessRequirement.scope)) {
      throw new ProblemDetailsError(403, `this needs the scope ${accessRequirement.scope}`);
    }
    const request = context.switchToHttp().getRequest<Request>();
    if (!isAdmin(client) && !(isObserver(client) && READING_METHODS.has(request.method))) {
      await this.assertOwnIngestions(client, accessRequirement, request);
    }
    return true;
  }

  private async assertOwnIngestions(
    authenticatedClient: AuthenticatedClient,
    accessRequirement: AccessRequirement,
    request: Request,
  ): Promise<void> {
    const ofPath = request.params['ingestion_id'];
    if (typeof ofPath === 'string') {
      await this.assertOwn(authenticatedClient, ofPath);
    }
    if (accessRequirement.ofIngestion) {
      const ofQuery = request.query['ingestion_id'];
      if (typeof ofQuery !== 'string') {
        throw new ProblemDetailsError(
          403,
          'name one of your ingestions in ingestion_id: all of them need the scope admin',
        );
      }
      await this.assertOwn(authenticatedClient, ofQuery);
    }
  }

  private async assertOwn(authenticatedClient: AuthenticatedClient, ingestionId: string): Promise<void> {
    if ((await this.owners.ownerOf(ingestionId)) !== authenticatedClient.name) {
      throw new UnknownIngestionError(ingestionId);
    }
  }
}
