import { Life } from './life.ts';
import type { Recorder } from './recorder/recorder.ts';
import { serviceSettings } from './settings.ts';
import type { StoreUnderTest } from './store-under-test.ts';

/** Starts the service repeatedly on one store, and keeps the list of its processes. */
export class Lives {
  readonly all: Life[] = [];
  private readonly store: StoreUnderTest;
  private readonly recorder: Recorder;

  constructor(store: StoreUnderTest, recorder: Recorder) {
    this.store = store;
    this.recorder = recorder;
  }

  start(delayMs: number): Life {
    const number = this.all.length;
    const life = Life.start({
      number,
      delayMs,
      environment: { ...serviceSettings(delayMs, this.recorder.urlFor(number)), ...this.store.environment() },
    });
    this.all.push(life);
    this.recorder.watch(life.pid);
    void life.exited.then(() => {
      this.recorder.unwatch(life.pid);
    });
    return life;
  }

  /** Starts a process as {@link start} does; resolves once it listens. */
  async startReady(delayMs: number): Promise<{ readonly life: Life; readonly url: string }> {
    const life = this.start(delayMs);
    const url = await life.ready();
    if (url === null) {
      throw new Error(`the service did not start: ${life.errors}`);
    }
    return { life, url };
  }

  async killAll(): Promise<void> {
    await Promise.all(
      this.all
        .filter(({ exit }) => exit === null)
        .map((life) => {
          life.signal('SIGKILL');
          return life.exited;
        }),
    );
  }
}
