import { Presets, SingleBar } from 'cli-progress';
import { escapeLine } from '../../domain/printable-text.js';
import {
  describeHeldBy,
  formatEta,
  formatStatus,
  settledCount,
  type IngestionStatus,
} from './ingestion-status.js';
import type { Output } from './output.js';

/** Displays the progress of an ingestion. */
export abstract class ProgressDisplay {
  abstract show(ingestion: IngestionStatus): void;

  /** Restores the terminal. */
  abstract end(): void;
}

/** Creates a progress bar if the output is a terminal, and lines otherwise. */
export function createProgressDisplay(output: Output): ProgressDisplay {
  return output.out.isTTY && !output.isJson ? new BarDisplay(output.out) : new LineDisplay(output);
}

class BarDisplay extends ProgressDisplay {
  private readonly bar: SingleBar;
  private isStarted = false;

  constructor(out: NodeJS.WriteStream) {
    super();
    this.bar = new SingleBar(
      {
        format:
          '{status} {bar} {percentage} % | {value}/{total} ids | {failed} failed{cancelled} | ETA {left}{held}',
        stream: out,
        hideCursor: true,
        gracefulExit: false, // the caller ends it
      },
      Presets.shades_classic,
    );
  }

  override show(ingestion: IngestionStatus): void {
    const { status, progress } = ingestion;
    const held = describeHeldBy(ingestion);
    // A service may send anything: counts are numbers from here on, and texts have no control characters.
    const words = {
      status: escapeLine(status).padEnd('yet_to_start'.length),
      failed: Math.trunc(progress.failed),
      cancelled: progress.cancelled > 0 ? ` | ${String(Math.trunc(progress.cancelled))} cancelled` : '',
      left: escapeLine(formatEta(ingestion)),
      held: held === null ? '' : ` | ${escapeLine(held)}`,
    };
    if (!this.isStarted) {
      this.isStarted = true;
      this.bar.start(Math.trunc(progress.total), 0, words);
    }
    this.bar.update(settledCount(progress), words);
  }

  override end(): void {
    this.bar.stop();
  }
}

/**
 * Prints a line for each new status, each whole percent and each new cause that holds the lane, so that a long
 * ingestion does not flood a log.
 */
class LineDisplay extends ProgressDisplay {
  private last = '';

  constructor(private readonly output: Output) {
    super();
  }

  override show(ingestion: IngestionStatus): void {
    const { percent, failed } = ingestion.progress;
    const held = describeHeldBy(ingestion) === null ? null : ingestion.held_by;
    const step = [
      ingestion.status,
      Math.floor(percent),
      failed > 0,
      held?.kind,
      held?.since,
      held?.limit,
    ].join();
    if (step !== this.last) {
      this.last = step;
      this.output.print(ingestion, formatStatus);
    }
  }

  override end(): void {
    // Nothing to restore: every line is complete.
  }
}
