export interface SettingWords {
  readonly label: string;
  /** Unit of the value, after a number. */
  readonly unit?: string;
  /** Form of the value: a number, a text, or JSON for a list. */
  readonly kind: 'number' | 'text' | 'json';
  /** Value that shows the form of a list. */
  readonly example?: string;
  /** Returns what the value does, as one sentence; `value` has its unit. */
  readonly effect: (value: string) => string;
}

/** Text of a setting without a value. */
export const NONE = 'none';

const seconds = (label: string, effect: SettingWords['effect']): SettingWords => ({
  label,
  unit: 's',
  kind: 'number',
  effect,
});

/** Settings that can be changed while the service runs, in the order in which they are shown. */
export const SETTINGS: ReadonlyMap<string, SettingWords> = new Map([
  [
    'batch_size',
    {
      label: 'Ids per dispatch',
      unit: 'ids',
      kind: 'number',
      effect: (v) => `A dispatch carries at most ${v}.`,
    },
  ],
  [
    'batch_delay',
    seconds('Time between dispatches', (v) => `A dispatch begins at the earliest ${v} after the one before.`),
  ],
  [
    'limits',
    {
      label: 'Limits',
      kind: 'json',
      example: '[{"calls": 190, "per": 10}]',
      effect: (v) =>
        v === NONE
          ? 'The lane has no limits: batch size and delay alone set the pace.'
          : `The limits are ${v}.`,
    },
  ],
  [
    'quiet_hours',
    {
      label: 'Quiet hours',
      kind: 'json',
      example: '[{"days": ["sat"], "from": "22:00", "to": "06:00", "time_zone": "Europe/Berlin"}]',
      effect: (v) =>
        v === NONE ? 'The lane has no quiet hours.' : `Nothing is sent in the quiet hours: ${v}.`,
    },
  ],
  [
    'max_in_flight',
    {
      label: 'Calls at the same time',
      unit: 'calls',
      kind: 'number',
      effect: (v) => `At most ${v} run at the same time.`,
    },
  ],
  [
    'max_attempts',
    {
      label: 'Attempts per id',
      unit: 'attempts',
      kind: 'number',
      effect: (v) =>
        `An id that fails becomes a dead letter after ${v}, also if it failed before this change.`,
    },
  ],
  [
    'retry_base',
    seconds('First retry within', (v) => `The first retry comes within ${v}; the delay doubles each time.`),
  ],
  ['retry_max', seconds('Longest delay of a retry', (v) => `No retry is delayed by more than ${v}.`)],
  [
    'retry_after_max',
    seconds('Longest hold by the upstream', (v) => `Retry-After holds the lane for at most ${v}.`),
  ],
  [
    'breaker_threshold',
    {
      label: 'Failures that open the breaker',
      unit: 'dispatches',
      kind: 'number',
      effect: (v) => `The breaker opens after ${v} in a row have failed.`,
    },
  ],
  [
    'breaker_cooldown',
    seconds('Breaker stays open for', (v) => `An open breaker sends nothing for ${v}, then one dispatch.`),
  ],
  ['timeout', seconds('Timeout of a call', (v) => `A call without an answer fails after ${v}.`)],
  [
    'min_fill',
    {
      label: 'Fill a dispatch to',
      unit: 'ids',
      kind: 'number',
      effect: (v) => `A dispatch waits for ${v}, if it may.`,
    },
  ],
  [
    'max_wait',
    seconds('Longest wait to fill', (v) => `A dispatch that is being filled goes after ${v} at the latest.`),
  ],
  [
    'fill_exempt',
    {
      label: 'Priorities that do not wait',
      kind: 'text',
      effect: (v) => `Ids of ${v} do not wait for others.`,
    },
  ],
]);
