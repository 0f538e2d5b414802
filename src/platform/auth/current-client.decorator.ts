import { createParamDecorator } from '@nestjs/common';
import { currentRequest } from '../http/request-context.js';
import { isAdmin, type Client } from './authenticated-client.js';

/** The name of the client who asks; null where nobody is asked who he is. */
export const CurrentClient = createParamDecorator(
  (): string | null => currentRequest()?.client?.name ?? null,
);

/** The client whose ingestions may be seen; null where all may. */
export const OnlyOfClient = createParamDecorator((): string | null => onlyOf(currentRequest()?.client));

function onlyOf(client: Client | undefined): string | null {
  return client === undefined || isAdmin(client) ? null : client.name;
}
