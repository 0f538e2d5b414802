import type { GateReading } from '../../../scheduler/queue/queue.repository.js';
import type { Row } from '../database/statement.js';

/** The lane's row as a statement read it. `turn` is the claim epoch. */
export interface GateRow {
  readonly turn: number;
  /** The place of this version of the row (`ctid`). Any change of the row gives it another one. */
  readonly version: string;
  /** Server time of the latest moment at which the call of this epoch is sent. */
  readonly slot_taken_time: number;
  /** The `BATCH_DELAY` and `BATCH_SIZE` of the process that took the last slot; 0 if unknown. */
  readonly slot_delay_ms: number;
  readonly slot_batch_size: number;
  readonly now: number;
  readonly paused_at: number | null;
  readonly held_until_time: number;
  readonly settings_version: number;
  readonly ceiling_calls: number;
  readonly ceiling_until_time: number;
  /** Ms until the next scheduled list of the lane is due; null if none is scheduled, absent if it was not read. */
  readonly scheduled_in?: number | null;
  /** The same for the next list that expires. */
  readonly expires_in?: number | null;
}

/** The columns of {@link GateRow} that are read unchanged. */
export const GATE_COLUMNS = [
  'turn',
  'slot_taken_time',
  'slot_delay_ms',
  'slot_batch_size',
  'paused_at',
  'held_until_time',
  'settings_version',
  'ceiling_calls',
  'ceiling_until_time',
]
  .map((column) => `gate.${column}`)
  .concat('gate.ctid AS version')
  .join(', ');

/** SQL that is true if the lane of a row of the gate is neither paused nor held by its upstream. */
export function isOpen(schema: string): string {
  return `paused_at IS NULL AND held_until_time <= ${schema}.store_now()`;
}

/**
 * Maximum time by which `slot_taken_time` lies ahead: a claim gives its commit at most the time that a statement may
 * take. A larger value means that the server's clock was set back.
 */
export const MAX_AHEAD_MS = 7000;

/** Returns the lane's row from the first of `rows`. */
export function toGateRow([row]: readonly Row[]): GateRow {
  if (row === undefined) {
    throw new Error('the lane has no row');
  }
  return row as unknown as GateRow;
}

export function toGateReading(row: GateRow): GateReading {
  return {
    epoch: row.turn,
    lastSendInMs: Math.min(row.slot_taken_time - row.now, MAX_AHEAD_MS),
    slotDelayMs: row.slot_delay_ms,
    isPaused: row.paused_at !== null,
    heldForMs: row.held_until_time - row.now,
    settingsVersion: row.settings_version,
    callsLeft: row.ceiling_until_time > row.now ? row.ceiling_calls : Number.POSITIVE_INFINITY,
  };
}
