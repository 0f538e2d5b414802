import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Configuration } from '../config/configuration.js';
import { currentRequest } from '../telemetry/request-context.js';
import { ApiCommonProblems } from '../openapi/problem-responses.js';
import { hasScope, SCOPES } from '../../domain/authenticated-client.js';
import { WhoAmIResponse } from './dto/whoami-response.dto.js';
import { RequireAuthentication } from './require-scope.decorator.js';

/** Shows a client its own name and scopes, so that a user interface offers only what is allowed. */
@ApiTags('operation')
@Controller('whoami')
export class WhoAmIController {
  constructor(private readonly configuration: Configuration) {}

  @ApiOperation({
    operationId: 'getCaller',
    summary: 'Show who is calling and what they may do',
    description:
      'Any valid key or token is sufficient. If the service has neither configured, every client may do ' +
      'everything.',
  })
  @ApiOkResponse({ type: WhoAmIResponse, description: 'The client that the key or token belongs to.' })
  @ApiCommonProblems()
  @RequireAuthentication()
  @Get()
  tell(): WhoAmIResponse {
    const client = currentRequest()?.client;
    return {
      client: client?.name ?? null,
      scopes: SCOPES.filter((scope) => client === undefined || hasScope(client, scope)),
      keys: client !== undefined,
      lanes: this.configuration.lanes.map(({ name }) => name),
    };
  }
}
