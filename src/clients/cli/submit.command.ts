import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import {
  parseExact,
  type IngestRequest,
  type IngestResponse,
  type OutlookResponse,
  type Priority,
} from '../typescript/index.js';
import { CliError, EXIT } from './cli-error.js';
import { parseIds, toLines } from './parse-ids.js';
import type { ApiClient } from './api-client.js';
import { formatEstimatedTime } from './time-words.js';

/** Larger files are streamed, because a JSON request may contain at most `MAX_IDS_PER_REQUEST` ids. */
const MAX_REQUEST_BYTES = 1_000_000;

export interface SubmitOptions {
  readonly priority: Priority;
  readonly lane?: string;
  /** Each is `name=value`. */
  readonly label?: readonly string[];
  /** The cost of one id, in units. */
  readonly units?: number;
  /** A time of RFC 3339, or a number of seconds from now. */
  readonly notBefore?: string;
  /** The same. */
  readonly expiresAt?: string;
  readonly callbackUrl?: string;
  readonly idempotencyKey?: string;
  readonly stream?: boolean;
  readonly column?: string;
}

export interface Accepted {
  readonly ingestion_id: string;
  /** Only for an ingestion that was streamed. */
  readonly total?: number;
}

/** Submits the ids of a file; `-` is standard input. */
export async function submit(apiClient: ApiClient, file: string, options: SubmitOptions): Promise<Accepted> {
  const size = await fileSize(file);
  const isStreamed =
    options.stream === true ||
    options.column !== undefined ||
    contentTypeOf(file) !== 'text/plain' ||
    isGzip(file) ||
    size > MAX_REQUEST_BYTES;
  return isStreamed ? submitStream(apiClient, file, options) : submitIds(apiClient, file, options);
}

async function submitIds(
  apiClient: ApiClient,
  file: string,
  options: SubmitOptions,
): Promise<IngestResponse> {
  const body = await toBody(file, options);
  return apiClient.unwrap(apiClient.client.POST('/ingest', { params: { header: toHeaders(options) }, body }));
}

/** Checks the ids of a file and estimates when they would be sent. Nothing is queued. */
export async function estimate(
  apiClient: ApiClient,
  file: string,
  options: SubmitOptions,
): Promise<OutlookResponse> {
  const body = await toBody(file, options);
  return apiClient.unwrap(apiClient.client.POST('/ingest', { params: { query: { dry_run: 'true' } }, body }));
}

/** Formats the estimate for a list that was not submitted. */
export function formatEstimate(outlook: OutlookResponse): string {
  const { ids_ahead: ahead, estimated_start_at: start, estimated_completion_at: end } = outlook;
  const { estimate_unknown: unknown, held_by: heldBy } = outlook;
  return [
    `ahead       ${String(ahead)} ids`,
    ...(start === null ? [] : [`starts      ${formatEstimatedTime(start)}`]),
    ...(end === null
      ? [`done        not known (${unknown ?? 'no estimate'})`]
      : [`done        ${formatEstimatedTime(end)}`]),
    ...(heldBy === null || heldBy.kind === 'pace' ? [] : [`held        ${heldBy.text}`]),
  ].join('\n');
}

async function toBody(file: string, options: SubmitOptions): Promise<IngestRequest> {
  const { priority, lane, units, label, notBefore, expiresAt, callbackUrl } = options;
  return {
    ids: parseIds(await text(open(file)), file === '-' ? 'standard input' : file),
    priority,
    ...(lane !== undefined && { lane }),
    ...(units !== undefined && { units }),
    ...(label !== undefined && { labels: toLabels(label) }),
    ...(notBefore !== undefined && { not_before: toTime(notBefore) }),
    ...(expiresAt !== undefined && { expires_at: toTime(expiresAt) }),
    ...(callbackUrl !== undefined && { callback_url: callbackUrl }),
  };
}

async function submitStream(apiClient: ApiClient, file: string, options: SubmitOptions): Promise<Accepted> {
  const { priority, lane, units, label = [], notBefore, expiresAt, column } = options;
  const contentType = contentTypeOf(file);
  const source = open(file);
  const body = contentType === 'text/plain' && !isGzip(file) ? toLines(source.setEncoding('utf8')) : source;
  const parameters = new URLSearchParams({
    priority,
    ...(lane !== undefined && { lane }),
    ...(units !== undefined && { units: String(units) }),
    ...(column !== undefined && { column }),
    ...(notBefore !== undefined && { not_before: notBefore }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  });
  label.forEach((each) => {
    parameters.append('label', each);
  });
  const response = await apiClient.fetch(`/ingest/stream?${parameters.toString()}`, {
    method: 'POST',
    headers: {
      ...toHeaders(options),
      'Content-Type': contentType,
      ...(options.callbackUrl !== undefined && { 'X-Callback-Url': options.callbackUrl }),
      ...(isGzip(file) && { 'Content-Encoding': 'gzip' }),
    },
    body: ReadableStream.from(body),
    duplex: 'half',
  });
  return parseExact(await apiClient.send(response.text())) as Accepted;
}

function toLabels(labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    labels.map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]),
  );
}

function toTime(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function toHeaders({ idempotencyKey }: SubmitOptions): Record<string, string> {
  return idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
}

/**
 * Returns the size of a file; infinite for anything else, which is then streamed.
 * @throws CliError if the file does not exist.
 */
async function fileSize(file: string): Promise<number> {
  if (file === '-') {
    return Infinity;
  }
  try {
    const stats = await stat(file);
    return stats.isFile() ? stats.size : Infinity;
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${(error as Error).message}`, EXIT.usage, { cause: error });
  }
}

function open(file: string): ReadStream | typeof process.stdin {
  return file === '-' ? process.stdin : createReadStream(file);
}

function isGzip(file: string): boolean {
  return file.endsWith('.gz');
}

function contentTypeOf(file: string): string {
  const name = file.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.csv')) {
    return 'text/csv';
  }
  return /\.(ndjson|jsonl)$/.test(name) ? 'application/x-ndjson' : 'text/plain';
}
