import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Runtime } from '../../domain/runtime.js';
import { SluiceError } from '../sluice-error.js';
import type {
  ListActions,
  ListProgress,
  SluiceService,
  SubmitOptions,
  SubmittedList,
} from '../sluice-service.js';
import type { LaneSettings, SluiceSettings } from '../sluice-settings.js';
import { drainOnSignals } from './drain-on-signals.js';
import type { HostApplication } from './host-application.js';
import { SluiceLane } from './sluice-lane.js';
import type { SluiceHttpOptions, SluiceOptions } from './sluice.options.js';

const HTTP_UNAVAILABLE = 503;

/**
 * A Sluice in this application. It is made when the application's modules are initialized, dispatches from the
 * application's bootstrap on, and lets calls in flight end before the application shuts down.
 */
export class Sluice implements ListActions, OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sluice');
  private service: SluiceService | undefined;
  private making: Promise<SluiceService> | undefined;
  private closing: Promise<void> | undefined;
  private stopListening: (() => void) | undefined;
  private readonly http: SluiceHttpOptions | undefined;
  private readonly drainsOnSignals: boolean;
  private readonly lanes: Readonly<Record<string, LaneSettings>>;
  private readonly clock: Runtime | undefined;
  private readonly settings: SluiceSettings;

  constructor(
    /** The name given to `forRoot`; `default` without one. */
    readonly name: string,
    options: SluiceOptions,
    private readonly host: HostApplication,
  ) {
    ({
      http: this.http,
      drainOnSignals: this.drainsOnSignals = true,
      lanes: this.lanes = {},
      clock: this.clock,
      ...this.settings
    } = options);
  }

  async onModuleInit(): Promise<void> {
    this.mount();
    await this.made();
  }

  async onApplicationBootstrap(): Promise<void> {
    const service = await this.made();
    await service.start();
    if (this.drainsOnSignals) {
      this.stopListening = drainOnSignals(this);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopListening?.();
    await this.close();
  }

  /** Returns a lane by its name. It need not be registered yet. */
  lane(name = 'default'): SluiceLane {
    return new SluiceLane(name, this);
  }

  /**
   * Queues a list and resolves when it is stored.
   * @throws SluiceError as `POST /ingest` would answer; then nothing was queued.
   */
  async submit(
    lane: string,
    ids: Iterable<number | bigint>,
    options: SubmitOptions = {},
  ): Promise<SubmittedList> {
    return (await this.made()).lists.submit(lane, ids, options);
  }

  /** @throws SluiceError of kind `not_found` for an unknown id. */
  async status(ingestionId: string): Promise<ListProgress> {
    return (await this.made()).lists.status(ingestionId);
  }

  /**
   * Drops the ids of a list that were not sent yet.
   * @throws SluiceError of kind `not_found` for an unknown id, `conflict` for a list that has ended.
   */
  async cancel(ingestionId: string): Promise<void> {
    await (await this.made()).lists.cancel(ingestionId);
  }

  /** Lets calls in flight end, and closes the store. The application calls it when it shuts down. */
  close(): Promise<void> {
    this.closing ??= this.making?.then((service) => service.close()) ?? Promise.resolve();
    return this.closing;
  }

  /** Makes the service once. By the first call all providers of the application exist, so its handlers are found. */
  private made(): Promise<SluiceService> {
    this.making ??= this.make();
    return this.making;
  }

  private async make(): Promise<SluiceService> {
    const lanes = new Map(Object.entries(this.lanes));
    for (const [lane, own] of this.host.lanesOf(this.name)) {
      if (lanes.has(lane)) {
        throw new SluiceError('misconfigured', `lane ${lane} is registered twice`);
      }
      lanes.set(lane, own);
    }
    // The service brings its own copy of Nest, so it is loaded apart.
    const { createSluiceService } = await import('../create-sluice-service.js');
    this.service = await createSluiceService({
      settings: { ...(this.http !== undefined && { publicPath: this.http.path }), ...this.settings },
      lanes,
      handlers: this.host.handlersOf(this.name),
      listeners: this.host.listenersOf(this.name),
      hostLogger: Logger,
      ...(this.clock !== undefined && { runtime: this.clock }),
    });
    return this.service;
  }

  private mount(): void {
    const { http } = this;
    if (http === undefined) {
      return;
    }
    const isMounted = this.host.mount(http.path, (request, response) => {
      if (this.service === undefined) {
        response.writeHead(HTTP_UNAVAILABLE, { 'Retry-After': '1' }).end();
      } else {
        this.service.handler(request, response);
      }
    });
    if (!isMounted) {
      this.logger.warn(`this application has no HTTP server: nothing is served at ${http.path}`);
    }
  }
}
