import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { AuditChange, AuditFields, AuditValue } from '../../domain/audit.js';
import { Runtime } from '../../domain/runtime.js';
import { ConfigError } from '../../platform/config/config-error.js';
import { Configuration, type LaneConfiguration } from '../../platform/config/configuration.js';
import { toBase, toValue, toVariables, type Overrides } from '../../platform/config/lane-layers.js';
import { LANE_VARIABLES } from '../../platform/config/variables.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { UNPACED_LEAVE_MS } from '../queue/lane-grants.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { LaneRegistry } from '../lanes/lane-registry.js';
import { canonical, LaneBases, newDocument } from './lane-bases.js';
import { LaneSettingsError, LaneVersionError, UnknownLaneError } from './lane-settings-errors.js';
import { LaneSettingsRepository, type LaneDocument, type StoredLane } from './lane-settings.repository.js';
import type { Lane } from '../lanes/lane.js';
import { LaneOptions } from '../lanes/lane.options.js';

/** Interval in which a process that shares its store looks for changes of settings. A claim finds them at once. */
const POLL_INTERVAL_MS = 1000;
/** Number of polls between two looks at the bases of the other replicas. */
const POLLS_PER_LOOK = 5;
/** Number of races with other changes that a change without a version may lose. */
const MAX_RACES = 10;

/** The settings of a lane, as they hold now. */
export interface CurrentSettings {
  readonly configuration: LaneConfiguration;
  readonly version: number;
  readonly document: LaneDocument;
}

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
  private polls = 0;

  constructor(
    private readonly repository: LaneSettingsRepository,
    private readonly bases: LaneBases,
    private readonly configuration: Configuration,
    private readonly registry: LaneRegistry,
    private readonly queue: PriorityQueue,
    private readonly queueRepository: QueueRepository,
    private readonly audit: AuditTrail,
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
    await this.bases.bring();
    for (const stored of await this.repository.readAll()) {
      // Nothing is claimed yet, so the queue need not know.
      this.registry.find(stored.lane)?.options.replace(toOptions(this.toCurrent(stored)));
    }
  }

  /** Looks for changes by other processes; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async poll(): Promise<void> {
    if (this.isPolling || !this.queueRepository.sharing.isShared) {
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
      this.apply(stored);
      this.logger.log({
        msg: `lane ${lane.name}: goes by version ${String(stored.version)} of its settings`,
        lane: lane.name,
      });
    }
  }

  /**
   * Reads the settings of a lane from the store.
   * @throws UnknownLaneError
   */
  async read(name: string): Promise<CurrentSettings> {
    if (this.registry.find(name) === undefined) {
      throw new UnknownLaneError();
    }
    return this.toCurrent(await this.repository.read(name));
  }

  /** Reads the settings of all lanes from the store, the default lane first. */
  async readAll(): Promise<readonly CurrentSettings[]> {
    const stored = new Map((await this.repository.readAll()).map((lane) => [lane.lane, lane]));
    return this.registry.names.map((lane) =>
      this.toCurrent(stored.get(lane) ?? { lane, version: 0, document: null }),
    );
  }

  /**
   * Changes what the API has set of a lane, if it has one of these versions; null changes any. Resolves when nothing leaves by the old settings any more, in any process.
   * @throws LaneSettingsError if the lane cannot have them; LaneVersionError; UnknownLaneError
   */
  async change(
    name: string,
    toOverrides: (overrides: Overrides) => Overrides,
    versions: readonly number[] | null,
  ): Promise<CurrentSettings> {
    for (let race = 0; race < MAX_RACES; race++) {
      const current = await this.read(name);
      const { configuration, version, document } = current;
      if (versions !== null && !versions.includes(version)) {
        throw new LaneVersionError(version);
      }
      const overrides = toOverrides(document.overrides);
      if (isSame(overrides, document.overrides)) {
        return current;
      }
      const next = { configuration, version: version + 1, document: { ...document, overrides } };
      const after = toOptions(next);
      const change = toChange(current, next);
      const [written] = await this.repository.write([
        {
          lane: name,
          version,
          document: next.document,
          forgetsDelay: true,
          audit: this.audit.entry('change_lane', { lane: name, ...change }),
        },
      ]);
      if (written !== undefined && written !== null) {
        this.logger.log({ msg: `lane ${name}: settings changed`, lane: name, ...change });
        this.use(after);
        await this.untilNothingLeavesBy(toOptions(current), written.grantedForMs);
        return next;
      }
    }
    throw new LaneVersionError((await this.read(name)).version);
  }

  /** Waits until no call of another process can leave by these options. */
  private async untilNothingLeavesBy(
    { batchDelayMs, rules }: LaneOptions,
    grantedForMs: number,
  ): Promise<void> {
    const isPaced = batchDelayMs > 0 || rules?.needsLog === true;
    const mayAsk = this.queueRepository.sharing.isShared && !isPaced;
    const waitMs = mayAsk ? Math.max(grantedForMs, UNPACED_LEAVE_MS) : grantedForMs;
    if (waitMs > 0) {
      await this.runtime.sleep(waitMs);
    }
  }

  private apply(stored: StoredLane): void {
    if (this.registry.find(stored.lane) !== undefined) {
      this.use(toOptions(this.toCurrent(stored)));
    }
  }

  private use(options: LaneOptions): void {
    const lane = this.registry.find(options.name);
    lane?.options.replace(options);
    if (lane !== undefined) {
      this.queue.settingsChanged(lane);
    }
  }

  private toCurrent({ lane, version, document }: StoredLane): CurrentSettings {
    const configuration = this.configurationOf(lane);
    return { configuration, version, document: document ?? newDocument(toBase(configuration)) };
  }

  private configurationOf(name: string): LaneConfiguration {
    const configuration = this.configuration.lanes.find((lane) => lane.name === name);
    if (configuration === undefined) {
      throw new UnknownLaneError();
    }
    return configuration;
  }
}

/** @throws LaneSettingsError with one line, if a lane cannot have these settings */
function toOptions({ configuration, version, document: { base, overrides } }: CurrentSettings): LaneOptions {
  try {
    return new LaneOptions(configuration.name, toVariables(configuration, base, overrides), version);
  } catch (error) {
    throw error instanceof ConfigError ? new LaneSettingsError(error.message, { cause: error }) : error;
  }
}

/** Returns the values before and after of the settings that a change sets or takes back. */
function toChange(before: CurrentSettings, after: CurrentSettings): Pick<AuditChange, 'from' | 'to'> {
  const [one, other] = [before.document.overrides, after.document.overrides];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const changed = names.filter((name) => one[name] !== other[name]);
  const valuesOf = ({ configuration, document }: CurrentSettings): AuditFields => {
    const variables = toVariables(configuration, document.base, document.overrides);
    return Object.fromEntries(
      changed.map((name) => {
        const variable = LANE_VARIABLES.get(name);
        return [name, variable === undefined ? null : (toValue(variable, variables) as AuditValue)];
      }),
    );
  };
  return { from: valuesOf(before), to: valuesOf(after) };
}

function isSame(one: object, other: object): boolean {
  return canonical(one) === canonical(other);
}
