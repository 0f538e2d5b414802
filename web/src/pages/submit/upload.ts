import { toUrl, authorization, toApiError } from '../../api/client.js';
import { toBody, type SubmitTarget } from './id-parser.js';
import type { OptionalFields } from './submit-options.js';

export interface UploadResult {
  readonly ingestion_id: string;
}

export interface Upload {
  readonly body: string | Blob;
  readonly path: string;
  readonly contentType: string;
  /** Receiver of the webhook of a streamed list. */
  readonly callbackUrl?: string;
}

/** Maximum size of a list sent as JSON, below the default limit of `POST /ingest`; longer lists are streamed. */
const MAX_IDS_PER_REQUEST = 50_000;
const IDS_PER_CHUNK = 10_000;

/** Builds the request for a list: JSON for a short one, one id per line for a long one. */
export function buildUpload(
  ids: readonly string[],
  { priority, lane }: SubmitTarget,
  fields: OptionalFields = {},
): Upload {
  return ids.length <= MAX_IDS_PER_REQUEST
    ? { body: toBody(ids, { priority, lane, ...fields }), path: 'ingest', contentType: 'application/json' }
    : {
        body: toLines(ids),
        path: `ingest/stream?${toParameters({ priority, lane }, fields)}`,
        contentType: 'text/plain',
        ...(fields.callback_url !== undefined && { callbackUrl: fields.callback_url }),
      };
}

/** Writes the fields of a streamed list; its callback is a header. */
function toParameters(target: SubmitTarget, { labels = {}, not_before, expires_at }: OptionalFields): string {
  const parameters = new URLSearchParams({
    ...target,
    ...(not_before !== undefined && { not_before }),
    ...(expires_at !== undefined && { expires_at }),
  });
  for (const [name, value] of Object.entries(labels)) {
    parameters.append('label', `${name}=${value}`);
  }
  return parameters.toString();
}

function toLines(ids: readonly string[]): Blob {
  const pieces: string[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_CHUNK) {
    pieces.push(`${ids.slice(from, from + IDS_PER_CHUNK).join('\n')}\n`);
  }
  return new Blob(pieces);
}

/**
 * Sends a list and reports the progress of the upload, which `fetch` cannot do.
 * @throws ApiError if the service refuses; TypeError if nothing answers.
 */
export function upload(
  { body, path, contentType, callbackUrl }: Upload,
  key: string,
  onProgress: (share: number) => void,
): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', toUrl(path));
    request.setRequestHeader('Content-Type', contentType);
    request.setRequestHeader('Idempotency-Key', key);
    if (callbackUrl !== undefined) {
      request.setRequestHeader('X-Callback-Url', callbackUrl);
    }
    for (const [name, value] of Object.entries(authorization())) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total === 0 ? 0 : loaded / total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText) as UploadResult);
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
