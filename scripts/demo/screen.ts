import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { hasEnded, type StatusView } from './client.ts';
import type { PlannedRequest } from './plan.ts';

const FRAMES_A_SECOND = 10;
const BAR_WIDTH = 20;

/** Shows the timeline: live bars in a terminal, plain lines in a pipe. */
export abstract class Screen {
  /** One line of the timeline. */
  abstract say(line: string): void;
  abstract show(request: PlannedRequest, status: StatusView): void;
  /** Restores the terminal; a second call does nothing. */
  abstract close(): void;

  static forOutput(): Screen {
    return process.stdout.isTTY ? new LiveScreen() : new PlainScreen();
  }
}

class PlainScreen extends Screen {
  override say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  override show(): void {
    // A pipe shows no bars, only lines.
  }

  override close(): void {
    // There is nothing to restore.
  }
}

class LiveScreen extends Screen {
  private readonly bars = new Map<PlannedRequest, SingleBar>();
  private isOpen = true;
  private readonly multiBar = new MultiBar(
    {
      format: '{name} {priority} {bar} {value}/{total}  {batches}',
      barsize: BAR_WIDTH,
      fps: FRAMES_A_SECOND,
      hideCursor: true,
      forceRedraw: true,
      emptyOnZero: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );

  override say(line: string): void {
    this.multiBar.log(`${line}\n`);
    this.multiBar.update();
  }

  override show(request: PlannedRequest, status: StatusView): void {
    const { name, priority, ids } = request;
    const batches = status.batches.map((batch) => `${batch.ids.join(',')} ${batch.status}`).join(' | ');
    const done = status.batches.filter(hasEnded).reduce((sum, batch) => sum + batch.ids.length, 0);
    const bar = this.bars.get(request) ?? this.multiBar.create(ids.length, 0, {});
    this.bars.set(request, bar);
    bar.update(done, { name, priority: priority.padEnd('MEDIUM'.length), batches });
  }

  override close(): void {
    if (this.isOpen) {
      this.isOpen = false;
      this.multiBar.stop();
    }
  }
}
