import { Presets, SingleBar } from 'cli-progress';
import { escapeControls, escapeLine } from '../../domain/printable-text.js';
import { stringifyExact } from '../typescript/index.js';
import { formatStatus, settledCount, formatEta, type IngestionStatus } from './ingestion-status.js';

/** Displays the progress of an ingestion. */
export abstract class ProgressDisplay {
  abstract show(ingestion: IngestionStatus): void;

  /** Restores the terminal. */
  abstract end(): void;
}

/** Creates a progress bar if `out` is a terminal, and lines otherwise. */
export function createProgressDisplay(out: NodeJS.WriteStream, isJson: boolean): ProgressDisplay {
  return out.isTTY && !isJson
    ? new BarDisplay(out)
    : new LineDisplay(out, isJson ? stringifyExact : formatStatus);
}

class BarDisplay extends ProgressDisplay {
  private readonly bar: SingleBar;
  private isStarted = false;

  constructor(out: NodeJS.WriteStream) {
    super();
    this.bar = new SingleBar(
      {
        format:
          '{status} {bar} {percentage} % | {value}/{total} ids | {failed} failed{cancelled} | ETA {left}',
        stream: out,
        hideCursor: true,
        gracefulExit: false, // the caller ends it
      },
      Presets.shades_classic,
    );
  }

  override show(ingestion: IngestionStatus): void {
    const { status, progress } = ingestion;
    // A service may send anything: counts are numbers from here on, and texts have no control characters.
    const words = {
      status: escapeLine(status).padEnd('yet_to_start'.length),
      failed: Math.trunc(progress.failed),
      cancelled: progress.cancelled > 0 ? ` | ${String(Math.trunc(progress.cancelled))} cancelled` : '',
      left: escapeLine(formatEta(ingestion)),
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

/** Prints a line for each new status and each whole percent, so that a long ingestion does not flood a log. */
class LineDisplay extends ProgressDisplay {
  private last = '';

  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly toLine: (ingestion: IngestionStatus) => string,
  ) {
    super();
  }

  override show(ingestion: IngestionStatus): void {
    const { percent, failed } = ingestion.progress;
    const step = [ingestion.status, Math.floor(percent), failed > 0].join();
    if (step !== this.last) {
      this.last = step;
      this.out.write(`${escapeControls(this.toLine(ingestion))}\n`);
    }
  }

  override end(): void {
    // Nothing to restore: every line is complete.
  }
}
