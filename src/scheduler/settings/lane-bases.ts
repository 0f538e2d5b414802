import { hash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';
import { Configuration } from '../../platform/config/configuration.js';
import { toBase, type BaseSettings } from '../../platform/config/lane-layers.js';
import { endsDepartureLog, toDepartureSeed } from './departure-seed.js';
import {
  LaneSettingsRepository,
  type LaneDocument,
  type LaneWrite,
  type ReplicaBases,
} from './lane-settings.repository.js';

/** A replica counts as gone if it has not been seen for this time. */
const REPLICA_TIMEOUT_MS = 15_000;
/** Number of replaced bases that are remembered for each lane. */
const MAX_REPLACED_BASES = 20;

/**
 * Brings the base settings of this process into the store. A base that is new replaces the one in the store. One that was
 * replaced already is not taken again while another replica runs with the base in the store: in a rollout, a replica that
 * restarts with the old configuration goes by the new one. Such a difference is told.
 */
@Injectable()
export class LaneBases implements OnApplicationShutdown {
  private readonly logger = new Logger('LaneSettings');
  private readonly replicaId: string;
  private differing: ReadonlySet<string> = new Set();
  private others = 0;

  constructor(
    private readonly repository: LaneSettingsRepository,
    private readonly configuration: Configuration,
    runtime: Runtime,
  ) {
    this.replicaId = runtime.uuidV7();
  }

  /** Returns true if the base of this process or of another replica is not the one in the store, by which all go. */
  isDifferent(lane: string): boolean {
    return this.differing.has(lane);
  }

  /** The number of replicas that share the store, including this one, as it last saw them. */
  get replicas(): number {
    return this.others + 1;
  }

  /**
   * Tells the store that this process runs, and brings its bases.
   * @throws StoreUnavailableError
   */
  async bring(): Promise<void> {
    const lanes = this.configuration.lanes;
    const own = new Map(lanes.map((lane) => [lane.name, toBase(lane)]));
    const others = await this.repository.meet(this.replicaId, digestsOf(own), REPLICA_TIMEOUT_MS);
    this.others = others.length;
    const stored = new Map((await this.repository.readAll()).map((lane) => [lane.lane, lane]));
    const writes: LaneWrite[] = [];
    const differing = new Set<string>();
    for (const configuration of lanes) {
      const lane = configuration.name;
      const base = toBase(configuration);
      const { version, document } = stored.get(lane) ?? { version: 0, document: null };
      const next = nextDocument(document, base, isInUse(lane, document, others));
      if (next !== document) {
        const seed = toDepartureSeed(configuration, document, next);
        const endsLog = endsDepartureLog(configuration, document, next);
        writes.push({ lane, version, document: next, forgetsDelay: false, seed, endsLog });
      }
      const digest = digestOf(next.base);
      const isShared =
        digestOf(base) === digest && others.every((bases) => (bases[lane] ?? digest) === digest);
      if (!isShared) {
        differing.add(lane);
      }
    }
    if (writes.length > 0) {
      await this.repository.write(writes); // where another process was faster, its base holds
    }
    this.tell(differing);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.repository.leave(this.replicaId).catch(() => undefined); // it counts as gone after a while
  }

  private tell(differing: ReadonlySet<string>): void {
    for (const lane of differing) {
      if (!this.differing.has(lane)) {
        this.logger.warn({
          msg: `lane ${lane}: replicas run with different settings; all go by those in the store, see GET /lanes/${lane}`,
          lane,
        });
      }
    }
    for (const lane of this.differing) {
      if (!differing.has(lane)) {
        this.logger.log({ msg: `lane ${lane}: all replicas run with the same settings again`, lane });
      }
    }
    this.differing = differing;
  }
}

/** Returns the document of a lane that nothing was changed of. */
export function newDocument(base: BaseSettings): LaneDocument {
  return { base, replacedBases: [], overrides: {} };
}

/** Returns JSON that does not depend on the order of the keys. */
export function canonical(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the document with this base, or the same one if the base in it stays. */
function nextDocument(document: LaneDocument | null, base: BaseSettings, isBaseInUse: boolean): LaneDocument {
  if (document === null) {
    return newDocument(base);
  }
  const digest = digestOf(base);
  const current = digestOf(document.base);
  if (digest === current || (isBaseInUse && document.replacedBases.includes(digest))) {
    return document;
  }
  const replacedBases = [...document.replacedBases.filter((each) => each !== digest), current];
  return { ...document, base, replacedBases: replacedBases.slice(-MAX_REPLACED_BASES) };
}

/** Returns true if another replica runs with the base in the store. */
function isInUse(lane: string, document: LaneDocument | null, others: readonly ReplicaBases[]): boolean {
  return document !== null && others.some((bases) => bases[lane] === digestOf(document.base));
}

function digestsOf(bases: ReadonlyMap<string, BaseSettings>): ReplicaBases {
  return Object.fromEntries([...bases].map(([lane, base]) => [lane, digestOf(base)]));
}

function digestOf(base: BaseSettings): string {
  return hash('sha256', canonical(base), 'base64url');
}
