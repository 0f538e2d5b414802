import type { Response } from 'express';

/** The headers that {@link setAcceptanceHeaders} sets, for `/openapi.json`. */
export const ACCEPTANCE_HEADERS = {
  Location: {
    description: 'The path of the status: `/status/{ingestion_id}`.',
    schema: { type: 'string' as const },
  },
  'Idempotency-Replayed': {
    description: '`true` if the list was accepted by an earlier request and nothing new was queued.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

/** Sets the headers of the response to an accepted ingestion. */
export function setAcceptanceHeaders(
  response: Response,
  { ingestionId, replayed }: { readonly ingestionId: string; readonly replayed: boolean },
): void {
  response.setHeader('Location', `/status/${ingestionId}`);
  if (replayed) {
    response.setHeader('Idempotency-Replayed', 'true');
  }
}
