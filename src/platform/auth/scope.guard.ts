import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { HttpProblem } from '../http/problem-details.js';
import { currentRequest } from '../http/request-context.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { isAdmin, mayUse, type Client } from './authenticated-client.js';
import { NEED_KEY, NEEDS_ADMIN, type Need } from './require-scope.decorator.js';
import { unauthenticated } from './authentication.middleware.js';

/**
 * Lets a client do what its scopes allow, with its own ingestions. Another's does not exist for it: 404. It stands in
 * front of every endpoint, so that a new one is closed until it says what it needs.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly ingestions: IngestionRepository,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need =
      this.reflector.getAllAndOverride<Need | undefined>(NEED_KEY, [
        context.getHandler(),
        context.getClass(),
      ]) ?? NEEDS_ADMIN;
    if (need.scope === null) {
      return true;
    }
    const client = currentRequest()?.client;
    if (client === undefined) {
      throw unauthenticated('a key or a token is needed', 'Bearer realm="sluice"');
    }
    if (need.scope !== 'any' && !mayUse(client, need.scope)) {
      throw new HttpProblem(403, `this needs the scope ${need.scope}`);
    }
    if (!isAdmin(client)) {
      await this.refuseOthers(client, need, context.switchToHttp().getRequest<Request>());
    }
    return true;
  }

  private async refuseOthers(client: Client, need: Need, request: Request): Promise<void> {
    const ofPath = request.params['ingestion_id'];
    if (typeof ofPath === 'string') {
      await this.refuseOther(client, ofPath);
    }
    if (need.ofIngestion) {
      const ofQuery = request.query['ingestion_id'];
      if (typeof ofQuery !== 'string') {
        throw new HttpProblem(
          403,
          'name one of your ingestions in ingestion_id: all of them need the scope admin',
        );
      }
      await this.refuseOther(client, ofQuery);
    }
  }

  private async refuseOther(client: Client, ingestionId: string): Promise<void> {
    const head = await this.ingestions.findHead(ingestionId);
    if (head?.client !== client.name) {
      throw new UnknownIngestionError(ingestionId);
    }
  }
}
