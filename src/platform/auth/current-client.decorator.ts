import { createParamDecorator } from '@nestjs/common';
import { currentRequest } from '../telemetry/request-context.js';
import { isAdmin, type AuthenticatedClient } from '../../domain/authenticated-client.js';

/** The name of the authenticated client; null if authentication is disabled. */
export const CurrentClient = createParamDecorator(
  (): string | null => currentRequest()?.client?.name ?? null,
);

/** The client whose ingestions may be seen; null if all may be seen. */
export const ClientScopeFilter = createParamDecorator((): string | null =>
  toClientFilter(currentRequest()?.client),
);

function toClientFilter(client: AuthenticatedClient | undefined): string | null {
  return client === undefined || isAdmin(client) ? null : client.name;
}
