import { Presets, SingleBar } from 'cli-progress';
import { stringifyExact } from '../typescript/index.js';
import { formatStatus, settledCount, formatEta, type IngestionStatus } from './ingestion-status.js';

/** Where somebody who watches sees how an ingestion stands. */
export abstract class ProgressDisplay {
  abstract show(standing: IngestionStatus): void;

  /** Leaves the terminal as it was. */
  abstract end(): void;
}

/** A bar where `out` is a terminal, lines elsewhere. */
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
        gracefulExit: false, // whoever follows stops it
      },
      Presets.shades_classic,
    );
  }

  override show(standing: IngestionStatus): void {
    const { status, progress } = standing;
    const words = {
      status: status.padEnd('yet_to_start'.length),
      failed: progress.failed,
      cancelled: progress.cancelled > 0 ? ` | ${String(progress.cancelled)} cancelled` : '',
      left: formatEta(standing),
    };
    if (!this.isStarted) {
      this.isStarted = true;
      this.bar.start(progress.total, 0, words);
    }
    this.bar.update(settledCount(progress), words);
  }

  override end(): void {
    this.bar.stop();
  }
}

/** A line for each new status and each whole percent: a long list does not flood a log. */
class LineDisplay extends ProgressDisplay {
  private last = '';

  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly toLine: (standing: IngestionStatus) => string,
  ) {
    super();
  }

  override show(standing: IngestionStatus): void {
    const { percent, failed } = standing.progress;
    const step = [standing.status, Math.floor(percent), failed > 0].join();
    if (step !== this.last) {
      this.last = step;
      this.out.write(`${this.toLine(standing)}\n`);
    }
  }

  override end(): void {
    // every line stands by itself
  }
}
