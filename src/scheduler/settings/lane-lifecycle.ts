import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';
import { whyNoLaneName } from '../../platform/config/lane-entry.js';
import { toBase, type Overrides } from '../../platform/config/lane-layers.js';
import { canonical, newDocument } from './lane-bases.js';
import type { CurrentSettings } from './current-settings.js';
import { LaneSettings } from './lane-settings.js';
import { LaneSettingsChanges, RETIRING_ADVICE } from './lane-settings-changes.js';
import {
  LaneExistsError,
  LaneNotMadeError,
  LaneRetiringError,
  LaneSettingsError,
} from './lane-settings-errors.js';
import type { MadeLane } from './lane-settings.repository.js';

/** The most lanes that the API makes. Each has a worker and gauges, so their number is bounded. */
const MAX_MADE_LANES = 1000;

/** Makes and retires lanes while the service runs. */
@Injectable()
export class LaneLifecycle {
  constructor(
    private readonly settings: LaneSettings,
    private readonly changes: LaneSettingsChanges,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Makes a lane with these settings above those of the environment. Other replicas have it within a second.
   * @throws LaneSettingsError if it cannot have this name or these settings; LaneExistsError; LaneRetiringError;
   *   StoreUnavailableError
   */
  async create(name: string, overrides: Overrides): Promise<CurrentSettings> {
    const why = whyNoLaneName(name);
    if (why !== null) {
      throw new LaneSettingsError(why, { fields: [{ field: 'lane', message: why }] });
    }
    if (this.configuration.find(name)?.isMade === false) {
      throw new LaneExistsError(name);
    }
    if (this.configuration.lanes.filter(({ isMade }) => isMade).length >= MAX_MADE_LANES) {
      throw new LaneSettingsError(`there are ${String(MAX_MADE_LANES)} lanes made over the API already`);
    }
    const configuration = this.configuration.toMadeLane(name);
    return this.changes.update(
      () => this.settings.readAny(name, configuration),
      null,
      ({ document: { made } }) => {
        if (made?.state === 'retiring') {
          throw new LaneRetiringError(name, RETIRING_ADVICE);
        }
        if (made?.state === 'active') {
          throw new LaneExistsError(name); // another replica may have made it right now
        }
        const document = {
          ...newDocument(toBase(configuration)),
          overrides,
          made: { state: 'active' } as const,
        };
        return { document, action: 'create_lane' };
      },
    );
  }

  /**
   * Retires a lane that the API has made: it takes no new lists, and it is removed once nothing of it is pending.
   * @throws UnknownLaneError; LaneNotMadeError if the environment or the lanes file has made it; StoreUnavailableError
   */
  retire(name: string, pending: Exclude<MadeLane['pending'], undefined>): Promise<CurrentSettings> {
    return this.changes.update(
      () => this.settings.read(name),
      null,
      ({ configuration, document }) => {
        if (!configuration.isMade || document.made === undefined) {
          throw new LaneNotMadeError(name);
        }
        const made = { state: 'retiring', pending } as const;
        return canonical(made) === canonical(document.made)
          ? null
          : { document: { ...document, made }, action: 'retire_lane', to: { pending } };
      },
    );
  }

  /** Removes a lane that is being retired, and of which nothing is pending. Its settings are forgotten. */
  async finish(name: string): Promise<void> {
    await this.changes.update(
      () => this.settings.read(name),
      null,
      ({ document }) =>
        document.made?.state === 'retiring'
          ? { document: { ...document, overrides: {}, made: { state: 'retired' } } }
          : null,
    );
  }
}
