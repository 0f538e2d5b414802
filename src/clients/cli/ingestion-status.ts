import type { ProgressResponse, StatusResponse } from '../typescript/index.js';
import { EXIT, type ExitCode } from './cli-error.js';

/** How an ingestion stands, without its batches. */
export type IngestionStatus = Omit<StatusResponse, 'batches'>;

export function isTerminal({ status }: Pick<IngestionStatus, 'status'>): boolean {
  return !['yet_to_start', 'triggered'].includes(status);
}

/** 1 for a list that ended otherwise than `completed`. */
export function toExitCode(standing: IngestionStatus): ExitCode {
  return isTerminal(standing) && standing.status !== 'completed' ? EXIT.failed : EXIT.ok;
}

/** Ids that nothing more happens to. */
export function settledCount({
  total,
  yet_to_start: waiting,
  in_flight: inFlight,
}: ProgressResponse): number {
  return total - waiting - inFlight;
}

/** One line of text. */
export function formatStatus(standing: IngestionStatus): string {
  const { ingestion_id: id, status, priority, progress } = standing;
  const { total, percent, in_flight: inFlight, failed, cancelled } = progress;
  const counts = `${String(settledCount(progress))}/${String(total)} (${String(percent)} %)`;
  return [
    `${id} ${priority} ${status} ${counts}`,
    `${String(inFlight)} in flight`,
    `${String(failed)} failed`,
    ...(cancelled > 0 ? [`${String(cancelled)} cancelled`] : []),
    ...(isTerminal(standing) || standing.estimated_completion_at === null
      ? []
      : [`done about ${standing.estimated_completion_at}`]),
  ].join(', ');
}

/** Until it is over, as the service foresees it. */
export function formatEta(standing: IngestionStatus): string {
  const at = Date.parse(standing.estimated_completion_at ?? '');
  if (isTerminal(standing) || Number.isNaN(at)) {
    return isTerminal(standing) ? '0s' : 'unknown';
  }
  const seconds = Math.max(0, Math.ceil((at - Date.now()) / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  return [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'm'],
    [seconds % 60, 's'],
  ]
    .filter(([count, unit]) => count !== 0 || unit === 's')
    .slice(0, 2)
    .map(([count, unit]) => `${String(count)}${String(unit)}`)
    .join('');
}
