import type { ProgressResponse, StatusResponse } from '../typescript/index.js';
import { isTerminal } from '../typescript/wait-until-done.js';
import { EXIT, type ExitCode } from './cli-error.js';
import { joinTexts, type Text } from './output.js';
import { styleStatus } from './styles.js';
import { formatEstimatedTime, formatMoment } from './time-words.js';

/** The status of an ingestion without its batches. */
export type IngestionStatus = Omit<StatusResponse, 'batches'>;

/** Returns the exit code: 1 if the ingestion ended otherwise than `completed`. */
export function toExitCode(ingestion: IngestionStatus): ExitCode {
  return isTerminal(ingestion) && ingestion.status !== 'completed' ? EXIT.failed : EXIT.ok;
}

/** Returns the number of ids whose result is final. */
export function settledCount({
  total,
  yet_to_start: waiting,
  in_flight: inFlight,
}: ProgressResponse): number {
  return total - waiting - inFlight;
}

/** Formats the status as one line. */
export function formatStatus(ingestion: IngestionStatus): Text {
  const { ingestion_id: id, status, priority, progress } = ingestion;
  const { total, percent, in_flight: inFlight, failed, cancelled } = progress;
  const counts = `${String(settledCount(progress))}/${String(total)} (${String(percent)} %)`;
  const { estimated_completion_at: estimate } = ingestion;
  return joinTexts(
    [
      [`${id} ${priority} `, styleStatus(status), ` ${counts}`],
      `${String(inFlight)} in flight or retrying`,
      failed > 0 ? [{ text: `${String(failed)} failed`, style: 'red' }] : '0 failed',
      ...(cancelled > 0 ? [`${String(cancelled)} ${ingestion.cancel_reason ?? 'cancelled'}`] : []),
      ...toDueText(ingestion),
      ...(isTerminal(ingestion) || estimate === null ? [] : [`done ${formatEstimatedTime(estimate)}`]),
      ...toHeldText(describeHeldBy(ingestion)),
    ],
    ', ',
  );
}

/** Returns when a list that is not in the queue yet is due. */
function toDueText({ not_before: notBefore = '', status }: IngestionStatus, nowMs = Date.now()): Text[] {
  return status === 'yet_to_start' && Date.parse(notBefore) > nowMs
    ? [`due ${formatEstimatedTime(notBefore, nowMs)}`]
    : [];
}

function toHeldText(words: string | null): Text[] {
  return words === null ? [] : [[{ text: words, style: 'yellow' }]];
}

/**
 * Describes what holds the lane for longer than its pace, since when and until when; null if nothing does. Services of
 * older releases do not tell it.
 */
export function describeHeldBy(
  ingestion: Partial<IngestionStatus> & Pick<IngestionStatus, 'status'>,
): string | null {
  const heldBy = ingestion.held_by ?? null;
  if (isTerminal(ingestion) || heldBy === null || heldBy.kind === 'pace' || heldBy.kind === 'capacity') {
    return null;
  }
  const since = heldBy.since === null ? '' : ` since ${formatMoment(heldBy.since)}`;
  const until = heldBy.until === null ? '' : ` until ${formatMoment(heldBy.until)}`;
  return `held${since}${until}: ${heldBy.text}`;
}

/** Formats the time until the estimated end. */
export function formatEta(ingestion: IngestionStatus): string {
  const at = Date.parse(ingestion.estimated_completion_at ?? '');
  if (isTerminal(ingestion) || Number.isNaN(at)) {
    return isTerminal(ingestion) ? '0s' : 'unknown';
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
