import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../crash/recorder/recorder.ts';
import { ServiceProcess } from '../crash/service-process.ts';
import type { StoreUnderTest } from '../crash/store-under-test.ts';
import type { Target } from '../crash/target.ts';
import { takeSample, type Sample } from './sample.ts';
import { soakSettings } from './settings.ts';

const SAMPLE_EVERY_MS = 2000;

/** The lives of one service: its processes, one after the other, and their samples. */
export class Lives {
  /** The samples of each process. */
  readonly samples: Sample[][] = [];
  private readonly store: StoreUnderTest;
  private readonly recorder: Recorder;
  private readonly target: Target;
  private readonly folder: string;
  private readonly beganMs = performance.now();
  private service: ServiceProcess | null = null;
  private url = '';
  private bornMs = 0;

  constructor(store: StoreUnderTest, recorder: Recorder, target: Target, folder: string) {
    this.store = store;
    this.recorder = recorder;
    this.target = target;
    this.folder = folder;
  }

  async begin(): Promise<void> {
    const number = this.samples.length;
    const settings = soakSettings(this.recorder.urlFor(number), join(this.folder, 'lanes.json'));
    const service = ServiceProcess.start({
      number,
      logName: `life-${String(number)}.log`,
      delayMs: 0,
      environment: { ...settings, ...this.store.environment(number) },
    });
    this.recorder.watch(service.pid);
    this.service = service;
    this.bornMs = performance.now();
    this.samples.push([]);
    const url = await service.ready();
    if (url === null) {
      throw new Error(`the service did not start: ${service.errors}`);
    }
    this.url = url;
    this.target.moveTo(url);
  }

  async killAndBegin(): Promise<void> {
    await this.kill();
    await this.begin();
  }

  async kill(): Promise<void> {
    this.target.moveTo(null);
    this.service?.signal('SIGKILL');
    await this.service?.exited;
  }

  /** Stops the service in order; resolves with its exit code. */
  async end(): Promise<number | null> {
    this.service?.signal('SIGTERM');
    return (await this.service?.end())?.code ?? null;
  }

  /** Takes a sample every two seconds until `signal` is aborted. */
  async sample(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(SAMPLE_EVERY_MS);
      const samples = this.samples.at(-1);
      const sample = await this.take();
      if (sample !== null) {
        samples?.push(sample);
      }
    }
  }

  /** Resolves with true once nothing waits any more, with false if that takes too long. */
  async drain(withinMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + withinMs;
    while (performance.now() < deadlineMs) {
      if ((await this.take())?.waitingIds === 0) {
        return true;
      }
      await sleep(SAMPLE_EVERY_MS);
    }
    return false;
  }

  /** Resolves with null while the service is down. */
  private async take(): Promise<Sample | null> {
    const nowMs = performance.now();
    const [atS, ageS] = [(nowMs - this.beganMs) / 1000, (nowMs - this.bornMs) / 1000];
    const { service } = this;
    const sample = await takeSample(
      { url: this.url, pid: service?.pid ?? 0, store: this.store },
      atS,
      ageS,
    ).catch(() => null);
    return service === this.service ? sample : null;
  }
}
