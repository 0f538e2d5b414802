import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pinned } from './settings.ts';

/** A load for one contestant. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  /** The load ends after `seconds` or after `requests`. */
  readonly seconds?: number;
  readonly requests?: number;
  readonly kind: LoadKind;
  /** The process under load, whose processor time is counted. */
  readonly pid?: number;
}

export type LoadKind =
  /** `POST /ingest`; each request has new ids, counted up from `firstId`, so that none is a replay. */
  | { readonly name: 'ingest'; readonly idsPerRequest: number; readonly firstId: number }
  /** `GET /status/…`, the ids in turn. */
  | { readonly name: 'status'; readonly ingestionIds: readonly string[] }
  /** `GET /status/…` with the ETag of an unchanged status: each response is a 304. */
  | { readonly name: 'status unchanged'; readonly held: readonly Held[] };

export interface Held {
  readonly ingestionId: string;
  readonly etag: string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly answered: number;
  /** Responses other than 2xx (or the expected 304), connection errors and timeouts. */
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Processor time of the process under load, for each response; NaN if the system does not report it. */
  readonly cpuMicros: number;
  /** The first id that no request of this load has used. */
  readonly nextId: number;
}

/** Positions of fields in /proc/PID/stat after the process name (proc(5)). */
const UTIME = 11;
const STIME = 12;
const TICKS_PER_SECOND = 100;

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

/** Runs the load in a separate process, on the core of the load generator. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const cpuBefore = cpuSeconds(load.pid);
  const [program, ...args] = pinned('load', process.execPath, GENERATOR);
  const generator = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  generator.stdin.end(JSON.stringify(load));
  const [output] = await Promise.all([text(generator.stdout), once(generator, 'close')]);
  if (generator.exitCode !== 0) {
    throw new Error(`the load generator ended with exit code ${String(generator.exitCode)}`);
  }
  const result = JSON.parse(output) as Omit<LoadResult, 'cpuMicros'>;
  return { ...result, cpuMicros: ((cpuSeconds(load.pid) - cpuBefore) / result.answered) * 1e6 };
}

/** Returns the processor time that a process has used so far. */
function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') {
    return NaN;
  }
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the process name may contain spaces
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
}
