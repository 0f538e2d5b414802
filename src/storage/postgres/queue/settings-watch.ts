import type { GateRow } from './gate-row.js';

/** The settings of a lane that all replicas share. */
interface LaneSettings {
  readonly delayMs: number;
  readonly batchSize: number;
}

/**
 * Detects that the last slot of a lane was taken with other settings than those of this process. It reports each such
 * pair once.
 */
export class SettingsWatch {
  private readonly reported = new Set<string>();

  constructor(private readonly lane: string) {}

  /** Returns a log line; null if there is no new difference. */
  differenceOf(row: Pick<GateRow, 'slot_delay_ms' | 'slot_batch_size'>, own: LaneSettings): string | null {
    const { slot_delay_ms: delayMs, slot_batch_size: batchSize } = row;
    const isKnown = batchSize > 0;
    if (!isKnown || (delayMs === own.delayMs && batchSize === own.batchSize)) {
      return null;
    }
    const pair = `${describe({ delayMs, batchSize })}, here they are ${describe(own)}`;
    if (this.reported.has(pair)) {
      return null;
    }
    this.reported.add(pair);
    return `lane ${this.lane}: settings differ: the last slot was taken with ${pair}; give all replicas the same`;
  }
}

function describe({ delayMs, batchSize }: LaneSettings): string {
  return `BATCH_DELAY ${String(delayMs / 1000)} and BATCH_SIZE ${String(batchSize)}`;
}
