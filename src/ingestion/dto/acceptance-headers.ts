import type { Response } from 'express';

/** The headers that {@link setAcceptanceHeaders} sets, for `/openapi.json`. */
export const ACCEPTANCE_HEADERS = {
  Location: {
    description: 'The path of the status: `/status/{ingestion_id}`, behind `PUBLIC_PATH` if there is one.',
    schema: { type: 'string' as const },
  },
  'Idempotency-Replayed': {
    description: '`true` if the list was accepted by an earlier request and nothing new was queued.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

/** Sets the headers of the response to an accepted ingestion. `publicPath` is the path that a reverse proxy takes off. */
export function setAcceptanceHeaders(
  response: Response,
  publicPath: string,
  { ingestionId, replayed }: { readonly ingestionId: string; readonly replayed: boolean },
): void {
  response.setHeader('Location', `${publicPath}/status/${ingestionId}`);
  if (replayed) {
    response.setHeader('Idempotency-Replayed', 'true');
  }
}
