import type { OpenAPIObject } from '@nestjs/swagger';
import { LABELS_SCHEMA } from '../../platform/openapi/labels.schema.js';

type PathItem = NonNullable<OpenAPIObject['webhooks']>[string];
type EndStatus = 'completed' | 'failed' | 'cancelled';

const COUNT = { type: 'integer', minimum: 0 } as const;
const CANCEL_REASON = {
  type: 'string',
  enum: ['expired'],
  description: '`expired`: what was not sent by `expires_at` was cancelled. Left out in all other cases.',
} as const;
const HEADERS = {
  'webhook-id': 'The id of the message, the same at every attempt.',
  'webhook-timestamp': 'The time of the attempt in Unix seconds.',
  'webhook-signature': 'The signatures of `webhook-id.webhook-timestamp.body`, separated by spaces.',
} as const;

/** The messages that Sluice sends to the `callback_url` of a list, as OpenAPI 3.1 describes webhooks. */
export const WEBHOOK_MESSAGES: Readonly<Record<string, PathItem>> = {
  'ingestion.completed': message('completed', 'Every id was completed.'),
  'ingestion.failed': message('failed', 'At least one id failed for good; the others were completed.'),
  'ingestion.cancelled': message('cancelled', 'The list was cancelled before all of its ids had an outcome.'),
};

function message(status: EndStatus, description: string): PathItem {
  const name = status.replace(/^./, (first) => first.toUpperCase());
  return {
    post: {
      operationId: `onIngestion${name}`,
      summary: `An ingestion ended: ${status}`,
      description: `${description} Messages follow Standard Webhooks (docs/webhooks.md). Any 2xx accepts a message; others are sent again for a day.`,
      tags: ['webhooks'],
      security: [],
      parameters: Object.entries(HEADERS).map(([header, meaning]) => ({
        name: header,
        in: 'header',
        required: true,
        description: meaning,
        schema: { type: 'string' },
      })),
      requestBody: {
        required: true,
        content: { 'application/json': { schema: bodySchema(status), example: exampleOf(status) } },
      },
      responses: { '2XX': { description: 'The message is accepted.' } },
    },
  };
}

function bodySchema(status: EndStatus): Record<string, unknown> {
  const counts = ['total', 'yet_to_start', 'in_flight', 'completed', 'failed', 'cancelled', 'percent'];
  return object({
    type: { type: 'string', enum: [`ingestion.${status}`] },
    timestamp: { type: 'string', format: 'date-time', description: 'The time when the list ended.' },
    data: object(
      {
        ingestion_id: { type: 'string', format: 'uuid' },
        callback_url: {
          type: 'string',
          format: 'uri',
          description: 'The receiver that this message is for.',
        },
        status: { type: 'string', enum: [status] },
        priority: { $ref: '#/components/schemas/Priority' },
        progress: object(Object.fromEntries(counts.map((count) => [count, COUNT]))),
      },
      {
        labels: { ...LABELS_SCHEMA, description: 'The labels of the list, if it has any.' },
        ...(status === 'cancelled' && { cancel_reason: CANCEL_REASON }),
      },
    ),
  });
}

function object(
  required: Readonly<Record<string, unknown>>,
  optional: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

function exampleOf(status: EndStatus): unknown {
  const [failed, cancelled] = [status === 'failed' ? 1 : 0, status === 'cancelled' ? 1 : 0];
  const completed = 3 - failed - cancelled;
  return {
    type: `ingestion.${status}`,
    timestamp: '2026-11-24T10:00:05.000Z',
    data: {
      ingestion_id: '01a20bac-68c5-753f-af21-41ce2bd8da89',
      callback_url: 'https://example.com/hooks/sluice',
      status,
      priority: 'HIGH',
      progress: { total: 3, yet_to_start: 0, in_flight: 0, completed, failed, cancelled, percent: 100 },
    },
  };
}
