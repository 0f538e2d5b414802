import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pinned } from './settings.ts';

/** A load for one contestant. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  /** One of the two ends the load. */
  readonly seconds?: number;
  readonly requests?: number;
  readonly kind: LoadKind;
}

export type LoadKind =
  /** `POST /ingest`; each request has ids of its own, counted up from `firstId`, so that none is a replay. */
  | { readonly name: 'ingest'; readonly idsPerRequest: number; readonly firstId: number }
  /** `GET /status/…`, the ids in turn. */
  | { readonly name: 'status'; readonly ingestionIds: readonly string[] }
  /** The same with what is held already: each answer is a 304. */
  | { readonly name: 'status unchanged'; readonly held: readonly Held[] };

export interface Held {
  readonly ingestionId: string;
  readonly etag: string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly answered: number;
  /** Answers other than 2xx (or 304 where that is asked for), errors of the connection, and timeouts. */
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** The first id that no request of this load has used. */
  readonly nextId: number;
}

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

/** Runs the load from a process of its own, on a core of its own. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const [program, ...args] = pinned('load', process.execPath, GENERATOR);
  const generator = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  generator.stdin.end(JSON.stringify(load));
  const [output] = await Promise.all([text(generator.stdout), once(generator, 'close')]);
  if (generator.exitCode !== 0) {
    throw new Error(`the load generator ended with exit code ${String(generator.exitCode)}`);
  }
  return JSON.parse(output) as LoadResult;
}
