import { whyNoPriorities } from '../priorities-text.js';
import { whyNoQuietHours } from '../quiet-hours-text.js';
import { whyNoLimits } from '../limits-text.js';
import { decimal, flag, integer, seconds, text, type Variable } from '../variable.js';

const DAY = 86_400;

/** Variables for dispatching and retrying ids. */
export const DISPATCHING_VARIABLES = {
  BATCH_SIZE: integer({
    min: 1,
    max: 100_000,
    default: 3,
    lane: 'batch_size',
    description: 'The largest number of ids in a dispatch, up to 100000.',
  }),
  BATCH_DELAY: seconds({
    min: 0,
    max: DAY,
    default: 5,
    lane: 'batch_delay',
    description:
      'The time between the starts of two dispatches; 0 turns the limit off. A shorter one than before counts from the second dispatch on.',
  }),
  LIMITS: text({
    lane: 'limits',
    isOfUpstream: true,
    reject: whyNoLimits,
    description:
      'Several limits at once in place of `BATCH_DELAY`, such as `[{ calls: 190, per: 10 }, { in_flight: 25 }]`, see [Limits](limits.md). `BATCH_DELAY` is 0 then, unless it is set too.',
  }),
  QUIET_HOURS: text({
    lane: 'quiet_hours',
    reject: whyNoQuietHours,
    description:
      'Hours in which nothing is sent, such as `[{ days: [sat, sun], from: "00:00", to: "24:00", time_zone: Europe/Berlin }]`, see [Lanes](lanes.md#quiet-hours).',
  }),
  MIN_FILL: integer({
    min: 0,
    max: 100_000,
    default: 0,
    shownDefault: '0 (off)',
    lane: 'min_fill',
    description:
      'A dispatch with fewer ids waits for more, up to `MAX_WAIT`, see [Lanes](lanes.md#fill-a-dispatch). A full dispatch never waits.',
  }),
  MAX_WAIT: seconds({
    min: 0,
    max: DAY,
    default: 5,
    lane: 'max_wait',
    description: 'The longest time that an id waits for `MIN_FILL`.',
  }),
  FILL_EXEMPT: text({
    lane: 'fill_exempt',
    reject: whyNoPriorities,
    description: 'Priorities that do not wait for `MIN_FILL`, such as `HIGH` or `HIGH,MEDIUM`.',
  }),
  MAX_IN_FLIGHT: integer({
    min: 1,
    max: 10_000,
    default: 10,
    lane: 'max_in_flight',
    description:
      'Calls in flight at the same time; a slow upstream delays dispatches only beyond this number.',
  }),
  MAX_ATTEMPTS: integer({
    min: 1,
    max: 1000,
    default: 5,
    lane: 'max_attempts',
    description: 'Attempts of an id in all, before it is a dead letter.',
  }),
  RETRY_BASE: seconds({
    min: 0,
    max: DAY,
    default: 1,
    lane: 'retry_base',
    description: 'The n-th retry waits a random time up to `RETRY_BASE` × 2^(n-1).',
  }),
  RETRY_MAX: seconds({
    min: 0,
    max: DAY,
    default: 60,
    lane: 'retry_max',
    description: 'The longest time that a retry waits.',
  }),
  RETRY_AFTER_MAX: seconds({
    min: 0,
    max: DAY,
    default: 3600,
    lane: 'retry_after_max',
    description:
      'The longest time that the upstream holds a lane by `Retry-After`, its limits or a 429; 0 ignores all of them.',
  }),
  BREAKER_THRESHOLD: integer({
    min: 0,
    max: 1_000_000,
    default: 5,
    lane: 'breaker_threshold',
    description: 'Failed dispatches in a row that open the circuit breaker; 0 turns it off.',
  }),
  BREAKER_COOLDOWN: seconds({
    min: 0.001,
    max: DAY,
    default: 30,
    lane: 'breaker_cooldown',
    description: 'How long the breaker stays open before one dispatch tries.',
  }),
  DISPATCH_LEASE: seconds({
    min: 0.1,
    max: DAY,
    default: 30,
    description: 'How long a dispatch stays with a process that has stopped renewing its lease.',
  }),
  PRIORITY_AGING: decimal({
    min: 0,
    max: 365 * DAY,
    default: 0,
    shownDefault: '0 (off)',
    description: 'Ids rise one priority after each such time waited, see below.',
  }),
  FAIR_SHARE: flag({
    default: false,
    description: 'Clients of a priority take turns, see below. Without keys or tokens it changes nothing.',
  }),
  LANES_FILE: text({
    description: 'More lanes, each with its own upstream and pace, see [Lanes](lanes.md).',
  }),
  SHUTDOWN_GRACE: seconds({
    min: 0,
    max: DAY,
    default: 10,
    description: 'How long calls in flight may still take after SIGTERM.',
  }),
} satisfies Readonly<Record<string, Variable<unknown>>>;
