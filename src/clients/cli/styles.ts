import type { QueueResponse, Status } from '../typescript/index.js';
import type { Style, Styled } from './output.js';

const OF_STATUS: Readonly<Record<Status, Style>> = {
  yet_to_start: 'dim',
  triggered: 'cyan',
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
};

const OF_LANE: Readonly<Record<QueueResponse['state'], Style>> = {
  open: 'green',
  idle: 'dim',
  waiting_for_retry: 'yellow',
  at_capacity: 'yellow',
  paused: 'yellow',
  held: 'red',
  quiet_hours: 'yellow',
  limited: 'yellow',
  filling: 'yellow',
  breaker_open: 'red',
  breaker_probing: 'red',
};

/** Colours the status of an ingestion or an id. A service of a later release may have others. */
export function styleStatus(status: Status): Styled {
  return { text: status, style: (OF_STATUS as Partial<typeof OF_STATUS>)[status] ?? 'bold' };
}

/** Colours words on the state of a lane: red where the upstream fails, yellow where the lane waits by its own rules. */
export function styleLaneState(text: string, state: QueueResponse['state']): Styled {
  return { text, style: (OF_LANE as Partial<typeof OF_LANE>)[state] ?? 'bold' };
}
