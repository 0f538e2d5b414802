import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { FieldError } from '../../domain/domain-error.js';
import { codeOfStatus, PROBLEM_CONTENT_TYPE } from '../http/problem-details.js';
import { Problem } from './problem.dto.js';

export interface ProblemExample {
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  /** The response headers by name, with their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Describes an error response, with an example. */
export function ApiProblemResponse(
  status: number,
  description: string,
  { detail, errors, headers = {} }: ProblemExample,
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(Problem),
    ApiResponse({
      status,
      description,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, meaning]) => [
          name,
          { description: meaning, schema: { type: 'string' } },
        ]),
      ),
      content: {
        [PROBLEM_CONTENT_TYPE]: {
          schema: { $ref: getSchemaPath(Problem) },
          example: {
            detail,
            status_code: status,
            type: 'about:blank',
            title: STATUS_CODES[status],
            status,
            code: codeOfStatus(status),
            ...(errors && { param: errors[0]?.field, errors }),
          },
        },
      },
    }),
  );
}

/** Describes the response to a query with a parameter that is unknown or not valid, with an example. */
export function ApiInvalidParameter(field: string, message: string): MethodDecorator & ClassDecorator {
  return ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
    detail: `${field} ${message}`,
    errors: [{ field, message }],
  });
}

/** Describes the errors that every operation can return. */
export function ApiCommonProblems(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiProblemResponse(401, 'Authentication is enabled, and the request has no valid key or token.', {
      detail: 'a key or a token is needed',
      headers: { 'WWW-Authenticate': 'The authentication scheme to use.' },
    }),
    ApiProblemResponse(
      403,
      'The client does not have the scope that is needed. Without keys and tokens: `Host` is not a name of this service, ' +
        'or a page of another origin sends a request that changes something.',
      { detail: 'this needs the scope admin' },
    ),
    ApiProblemResponse(429, 'The client exceeded its rate limit.', {
      detail: 'over the limit of 600 requests a minute',
      headers: {
        'Retry-After': 'Seconds to wait before the next try.',
        RateLimit:
          'The remaining amount of each limit, in every response if a limit is set: `"default";r=0;t=60`.',
        'RateLimit-Policy': 'The limits: `"default";q=600;w=60, "ids";q=100000;w=60`.',
      },
    }),
    ApiOpenProblems(),
  );
}

/** Describes the errors that a public operation can return. */
export function ApiOpenProblems(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiProblemResponse(405, 'The path does not support the method.', {
      detail: 'PUT is not allowed here',
      headers: { Allow: 'The methods that the path supports.' },
    }),
    ApiProblemResponse(500, 'An internal error. The response contains no details.', {
      detail: 'internal error',
    }),
    ApiProblemResponse(503, 'The service is stopping, or its store is unavailable.', {
      detail: 'the store is unavailable',
      headers: { 'Retry-After': 'Seconds to wait before the next try.' },
    }),
  );
}

/** Describes the 415 of endpoints with a JSON body. */
export function ApiNotJson(): MethodDecorator & ClassDecorator {
  return ApiProblemResponse(
    415,
    'The `Content-Type` is not `application/json` in UTF-8. A body without one is read as JSON, unless ' +
      '`Origin` or `Sec-Fetch-Site` says that it comes from a page of another origin that CORS does not ' +
      'allow.',
    { detail: 'Content-Type must be application/json, in UTF-8' },
  );
}
