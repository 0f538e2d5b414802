import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../platform/openapi/problem-responses.js';
import { DeliveryQuery, ResendQuery } from './delivery-query.dto.js';
import { DeliveryPage, DeliveryView } from './delivery-response.dto.js';

/** Describes `GET /webhook-deliveries` in `/openapi.json`. */
export function ApiDeliveries(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listWebhookDeliveries',
      summary: 'List webhook deliveries',
      description: 'Messages to receivers (`callback_url`), the newest first, page by page.',
    }),
    ApiQuery({ type: DeliveryQuery }),
    ApiOkResponse({ type: DeliveryPage, description: 'A page of deliveries, the newest first.' }),
    ApiInvalidParameter('state', 'must be one of pending, delivered, failed'),
    ApiCommonProblems(),
  );
}

/** Describes `POST /webhook-deliveries/{delivery_id}/resend` in `/openapi.json`. */
export function ApiResendDelivery(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'resendWebhookDelivery',
      summary: 'Send a webhook delivery again',
      description:
        'Sends the message at once, in any state, and retries it for a day like a new one. It has the same ' +
        '`webhook-id`.',
    }),
    ApiParam({
      name: 'delivery_id',
      description: 'The id of the delivery, as in `/webhook-deliveries`.',
      example: '5f0c8a52-3a44-4c1f-a6b1-0a3f6f3b9c11',
    }),
    ApiQuery({ type: ResendQuery }),
    ApiOkResponse({ type: DeliveryView, description: 'The delivery is pending again.' }),
    ApiInvalidParameter('state', 'is not a known parameter'),
    ApiProblemResponse(404, 'No delivery has this id.', { detail: 'unknown delivery_id' }),
    ApiCommonProblems(),
  );
}
