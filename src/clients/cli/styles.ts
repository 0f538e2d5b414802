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

/** Colours a text by the style of a key. A service of a later release may have keys that are not known. */
export function styleBy<Key extends string>(
  styles: Readonly<Record<Key, Style>>,
  key: Key,
  text: string = key,
): Styled {
  return { text, style: (styles as Partial<typeof styles>)[key] ?? 'bold' };
}

/** Colours the status of an ingestion or an id. */
export function styleStatus(status: Status): Styled {
  return styleBy(OF_STATUS, status);
}

/** Colours words on the state of a lane: red where the upstream fails, yellow where the lane waits by its own rules. */
export function styleLaneState(text: string, state: QueueResponse['state']): Styled {
  return styleBy(OF_LANE, state, text);
}
