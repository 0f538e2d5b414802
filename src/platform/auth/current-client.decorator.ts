import { createParamDecorator } from '@nestjs/common';
import { currentRequest } from '../telemetry/request-context.js';
import { isObserver, type AuthenticatedClient } from '../../domain/authenticated-client.js';

/** The name of the authenticated client; null if authentication is disabled. */
export const CurrentClient = createParamDecorator(
  (): string | null => currentRequest()?.client?.name ?? null,
);

/** The client whose ingestions may be read; null if all may be read. It is for endpoints that change nothing. */
export const ClientScopeFilter = createParamDecorator((): string | null =>
  toClientFilter(currentRequest()?.client),
);

function toClientFilter(client: AuthenticatedClient | undefined): string | null {
  return client === undefined || isObserver(client) ? null : client.name;
}
