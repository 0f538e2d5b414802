import { MAIN, ServiceProcess } from './service-process.ts';
import type { Recorder } from './recorder/recorder.ts';
import { serviceSettings, type Pace } from './settings.ts';
import type { StoreUnderTest } from './store-under-test.ts';

/** Returns more variables for process `processNo`. */
export type MoreSettings = (processNo: number) => Readonly<Record<string, string>>;

export interface ProcessOptions {
  /** The begin of the names of the files for the output of the processes. */
  readonly logPrefix?: string;
  readonly moreSettings?: MoreSettings;
  /** The program of the processes; by default the built service. */
  readonly main?: string;
}

/** Starts the service repeatedly on one store, and keeps the list of its processes. */
export class ServiceProcesses {
  readonly all: ServiceProcess[] = [];
  /** The program that the next processes run. */
  main: string;
  private readonly store: StoreUnderTest;
  private readonly recorder: Recorder;
  private readonly logPrefix: string;
  private readonly moreSettings: MoreSettings;

  constructor(
    store: StoreUnderTest,
    recorder: Recorder,
    { logPrefix = '', moreSettings = () => ({}), main = MAIN }: ProcessOptions = {},
  ) {
    this.store = store;
    this.recorder = recorder;
    this.logPrefix = logPrefix;
    this.moreSettings = moreSettings;
    this.main = main;
  }

  start(pace: Pace): ServiceProcess {
    const service = this.startUncounted(pace, this.main);
    this.all.push(service);
    return service;
  }

  /** Starts a process that does not belong to {@link all}, because it is expected to refuse. */
  startUncounted(pace: Pace, main: string): ServiceProcess {
    const number = this.all.length;
    const service = ServiceProcess.start({
      number,
      logName: `${this.logPrefix}process-${String(number)}.log`,
      delayMs: typeof pace === 'number' ? pace : 0,
      main,
      environment: {
        ...serviceSettings(pace, this.recorder.urlFor(number)),
        ...this.store.environment(number),
        ...this.moreSettings(number),
      },
    });
    this.recorder.watch(service.pid);
    void service.exited.then(() => {
      this.recorder.unwatch(service.pid);
    });
    return service;
  }

  /** Starts a process as {@link start} does; resolves once it listens. */
  async startReady(pace: Pace): Promise<{ readonly service: ServiceProcess; readonly url: string }> {
    const service = this.start(pace);
    const url = await service.ready();
    if (url === null) {
      throw new Error(`the service did not start: ${service.errors}`);
    }
    return { service, url };
  }

  async killAll(): Promise<void> {
    await Promise.all(
      this.all
        .filter(({ exit }) => exit === null)
        .map((service) => {
          service.signal('SIGKILL');
          return service.exited;
        }),
    );
  }
}
