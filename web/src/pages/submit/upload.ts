import { addressOf, authorization, toApiError } from '../../api/client.js';
import { toBody, type Way } from './id-parser.js';

export interface Sent {
  readonly ingestion_id: string;
}

export interface Sending {
  readonly body: string | Blob;
  readonly path: string;
  readonly contentType: string;
}

/** Below what `POST /ingest` takes; longer lists are streamed. */
const MOST_IDS_AT_ONCE = 50_000;
const IDS_OF_PIECE = 10_000;

/** How a list goes: a short one as JSON, a long one line by line. */
export function sendingOf(ids: readonly string[], { priority, lane }: Way): Sending {
  return ids.length <= MOST_IDS_AT_ONCE
    ? { body: toBody(ids, { priority, lane }), path: 'ingest', contentType: 'application/json' }
    : {
        body: toLines(ids),
        path: `ingest/stream?${new URLSearchParams({ priority, lane }).toString()}`,
        contentType: 'text/plain',
      };
}

function toLines(ids: readonly string[]): Blob {
  const pieces: string[] = [];
  for (let from = 0; from < ids.length; from += IDS_OF_PIECE) {
    pieces.push(`${ids.slice(from, from + IDS_OF_PIECE).join('\n')}\n`);
  }
  return new Blob(pieces);
}

/**
 * Uploads, telling how far it is: `fetch` cannot.
 * @throws ApiError, TypeError
 */
export function send(
  { body, path, contentType }: Sending,
  key: string,
  onProgress: (share: number) => void,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf(path));
    request.setRequestHeader('Content-Type', contentType);
    request.setRequestHeader('Idempotency-Key', key);
    for (const [name, value] of Object.entries(authorization())) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total === 0 ? 0 : loaded / total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText) as Sent);
      } else {
        reject(toApiError(request.status, request.responseText));
      }
    };
    request.onerror = () => {
      reject(new TypeError('no answer'));
    };
    request.send(body);
  });
}
