import type { ProgressResponse, StatusResponse } from '../client/index.js';
import { EXIT, type ExitCode } from './cli-error.js';

/** How an ingestion stands, without its batches. */
export type Standing = Omit<StatusResponse, 'batches'>;

export function isOver({ status }: Pick<Standing, 'status'>): boolean {
  return !['yet_to_start', 'triggered'].includes(status);
}

/** 1 for a list that ended otherwise than `completed`. */
export function exitCodeOf(standing: Standing): ExitCode {
  return isOver(standing) && standing.status !== 'completed' ? EXIT.failed : EXIT.ok;
}

/** Ids that nothing more happens to. */
export function endedIds({ total, yet_to_start: waiting, in_flight: inFlight }: ProgressResponse): number {
  return total - waiting - inFlight;
}

/** One line of text. */
export function describe({ ingestion_id: id, status, priority, progress }: Standing): string {
  const { total, percent, in_flight: inFlight, failed } = progress;
  const counts = `${String(endedIds(progress))}/${String(total)} (${String(percent)} %)`;
  return `${id} ${priority} ${status} ${counts}, ${String(inFlight)} in flight, ${String(failed)} failed`;
}
