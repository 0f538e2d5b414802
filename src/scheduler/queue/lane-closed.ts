import type { Clock } from '../../domain/clock.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { SlotSchedule } from '../pacing/slot-schedule.js';
import type { ClaimResult } from './claim-result.js';
import type { GateReading } from './queue.repository.js';

/** Returns the result of a claim within the quiet hours of its lane; null outside of them. */
export function closedByQuietHours(
  { quietHours }: Partial<Pick<LaneOptions, 'quietHours'>>,
  clock: Clock,
): ClaimResult | null {
  const nowMs = clock.wallMs();
  const endsAtMs = quietHours?.endsAt(nowMs) ?? null;
  return endsAtMs === null ? null : { kind: 'slot_closed', opensInMs: endsAtMs - nowMs };
}

/** Returns the result of a claim before its slot; null if the slot opens soon enough, also for one that `isEarly`. */
export function closedBySlot(
  schedule: SlotSchedule,
  batchDelayMs: number,
  isEarly: boolean,
): ClaimResult | null {
  const opensInMs = schedule.claimInMs(batchDelayMs);
  const maxEarlyMs = schedule.earlyMs(batchDelayMs);
  return opensInMs > (isEarly ? maxEarlyMs : 0) ? { kind: 'slot_closed', opensInMs, maxEarlyMs } : null;
}

/** Returns the result of a claim whose options are not those of the store; null if they are. */
export function closedBySettings(gate: GateReading, settingsVersion: number): ClaimResult | null {
  return gate.settingsVersion === settingsVersion
    ? null
    : { kind: 'outdated', settingsVersion: gate.settingsVersion };
}

/** Returns the result of a claim in a lane that is paused or held by its upstream; null if it is neither. */
export function closedByGate({ isPaused, heldForMs }: GateReading): ClaimResult | null {
  if (isPaused) {
    return { kind: 'paused' };
  }
  return heldForMs > 0 ? { kind: 'held', opensInMs: heldForMs } : null;
}
