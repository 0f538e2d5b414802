import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Runtime } from '../../domain/runtime.js';
import { ConfigError } from '../../platform/config/config-error.js';
import { Configuration, type LaneConfiguration } from '../../platform/config/configuration.js';
import { toBase, toVariables } from '../../platform/config/lane-layers.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { LaneRegistry } from '../lanes/lane-registry.js';
import type { CurrentSettings } from './current-settings.js';
import { LaneBases, newDocument } from './lane-bases.js';
import { LaneSettingsError, UnknownLaneError } from './lane-settings-errors.js';
import { LaneSettingsRepository, type StoredLane } from './lane-settings.repository.js';
import { MadeLanes } from './made-lanes.js';
import type { Lane } from '../lanes/lane.js';
import { LaneOptions } from '../lanes/lane.options.js';

/** Interval in which a process that shares its store looks for changes of settings. A claim finds them at once. */
const POLL_INTERVAL_MS = 1000;
/** Number of polls between two looks at the bases of the other replicas. */
const POLLS_PER_LOOK = 5;
/**
 * The settings of all lanes. They live in the store with a version, so that all processes go by the same: the base, from
 * the environment and the lanes file, and above it what was changed over the API. A process that starts brings its base;
 * each process follows the changes of others.
 */
@Injectable()
export class LaneSettings implements OnModuleInit {
  private readonly logger = new Logger('LaneSettings');
  private readonly pollFailures: FailureLog;
  private isPolling = false;
  /** The versions of lanes of the store that this process need not have. */
  private readonly absent = new Map<string, number>();
  /** Lanes that the API has made, whose upstream cannot be opened here. */
  private readonly unopened = new Set<string>();
  private polls = 0;

  constructor(
    private readonly repository: LaneSettingsRepository,
    private readonly bases: LaneBases,
    private readonly configuration: Configuration,
    private readonly registry: LaneRegistry,
    private readonly made: MadeLanes,
    private readonly queue: PriorityQueue,
    private readonly queueRepository: QueueRepository,
    private readonly runtime: Runtime,
  ) {
    this.pollFailures = new FailureLog(
      runtime,
      this.logger,
      'warn',
      'changes of settings are not looked for',
    );
  }

  /** Brings the base of each lane into the store and takes the settings from there, before anything is dispatched. */
  async onModuleInit(): Promise<void> {
    for (const stored of await this.repository.readAll()) {
      this.made.declare(stored);
    }
    await this.bases.bring();
    for (const stored of await this.repository.readAll()) {
      if (this.made.isMade(stored)) {
        await this.followMade(stored);
      } else {
        // Nothing is claimed yet, so the queue need not know.
        this.registry.find(stored.lane)?.options.replace(toOptions(this.toCurrent(stored)));
      }
    }
  }

  /** Looks for changes by other processes; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async poll(): Promise<void> {
    if (this.isPolling || !(this.queueRepository.sharing.isShared || this.unopened.size > 0)) {
      return;
    }
    this.isPolling = true;
    this.polls += 1;
    try {
      if (this.polls % POLLS_PER_LOOK === 0) {
        await this.bases.bring();
      }
      for (const [name, version] of await this.repository.readVersions()) {
        const lane = this.registry.find(name);
        if (lane !== undefined && lane.options.settingsVersion !== version) {
          await this.follow(lane);
        } else if (lane === undefined && this.absent.get(name) !== version) {
          await this.followAbsent(name);
        }
      }
      this.pollFailures.succeeded();
    } catch (error) {
      this.pollFailures.failed(() => `changes of settings are not looked for: ${String(error)}`);
    } finally {
      this.isPolling = false;
    }
  }

  /**
   * Takes the settings of a lane from the store.
   * @throws StoreUnavailableError; ConfigError if this release cannot go by them
   */
  async follow(lane: Lane): Promise<void> {
    const stored = await this.repository.read(lane.name);
    if (stored.version !== lane.options.settingsVersion) {
      await this.apply(stored);
      this.logger.log({
        msg: `lane ${lane.name}: goes by version ${String(stored.version)} of its settings`,
        lane: lane.name,
      });
    }
  }

  /** Returns true if this process has the lane. */
  has(name: string): boolean {
    return this.configuration.find(name) !== undefined;
  }

  /**
   * Reads the settings of a lane from the store.
   * @throws UnknownLaneError
   */
  async read(name: string): Promise<CurrentSettings> {
    if (!this.has(name)) {
      throw new UnknownLaneError();
    }
    return this.toCurrent(await this.repository.read(name));
  }

  /** Reads the settings of a lane that may not exist from the store; `configuration` is what it would have. */
  async readAny(name: string, configuration: LaneConfiguration): Promise<CurrentSettings> {
    const { version, document } = await this.repository.read(name);
    return { configuration, version, document: document ?? newDocument(toBase(configuration)) };
  }

  /** Reads the settings of all lanes from the store, the default lane first. */
  async readAll(): Promise<readonly CurrentSettings[]> {
    const stored = new Map((await this.repository.readAll()).map((lane) => [lane.lane, lane]));
    return this.registry.names.map((lane) =>
      this.toCurrent(stored.get(lane) ?? { lane, version: 0, document: null }),
    );
  }

  private async apply(stored: StoredLane): Promise<void> {
    if (this.registry.find(stored.lane) !== undefined) {
      await this.use(this.toCurrent(stored));
    }
  }

  /** Goes by these settings in this process from now on. */
  async use(current: CurrentSettings): Promise<void> {
    const { configuration } = current;
    if (configuration.isMade) {
      await this.made.follow(current);
    }
    const lane = this.registry.find(configuration.name);
    if (lane !== undefined) {
      lane.options.replace(toOptions(current));
      this.queue.settingsChanged(lane);
    }
  }

  /** Looks at a lane that this process does not have: another replica may have made it. */
  private async followAbsent(name: string): Promise<void> {
    const stored = await this.repository.read(name);
    if (!this.made.isMade(stored) || (await this.followMade(stored))) {
      this.absent.set(name, stored.version);
    }
  }

  /** Makes a lane as the store says. Returns false if its upstream cannot be opened here now; then it is tried again. */
  private async followMade(stored: StoredLane): Promise<boolean> {
    const { lane } = stored;
    try {
      const configuration = this.configuration.find(lane) ?? this.configuration.toMadeLane(lane);
      await this.made.follow(await this.readAny(lane, configuration));
      this.unopened.delete(lane);
      return true;
    } catch (error) {
      if (!(error instanceof LaneSettingsError)) {
        throw error;
      }
      if (!this.unopened.has(lane)) {
        this.logger.error({ msg: `lane ${lane} cannot be used here, trying again: ${error.message}`, lane });
      }
      this.unopened.add(lane);
      return false;
    }
  }

  private toCurrent({ lane, version, document }: StoredLane): CurrentSettings {
    const configuration = this.configurationOf(lane);
    return { configuration, version, document: document ?? newDocument(toBase(configuration)) };
  }

  private configurationOf(name: string): LaneConfiguration {
    const configuration = this.configuration.find(name);
    if (configuration === undefined) {
      throw new UnknownLaneError();
    }
    return configuration;
  }
}

/** @throws LaneSettingsError with one line, if a lane cannot have these settings */
export function toOptions({
  configuration,
  version,
  document: { base, overrides },
}: CurrentSettings): LaneOptions {
  try {
    return new LaneOptions(configuration.name, toVariables(configuration, base, overrides), version);
  } catch (error) {
    throw error instanceof ConfigError ? LaneSettingsError.about(error.message, { cause: error }) : error;
  }
}
