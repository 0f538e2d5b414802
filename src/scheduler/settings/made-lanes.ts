import { Injectable, Logger } from '@nestjs/common';
import { ConfigError } from '../../platform/config/config-error.js';
import { Configuration } from '../../platform/config/configuration.js';
import { toFileTerms } from '../../platform/config/lane-config-file.js';
import { MADE_SETTINGS, toVariables, type Overrides } from '../../platform/config/lane-layers.js';
import { MadeLaneUpstreams } from '../../external-api/made-lane-upstreams.js';
import { LaneOptions } from '../lanes/lane.options.js';
import { LaneRegistry } from '../lanes/lane-registry.js';
import { canonical } from './lane-bases.js';
import type { CurrentSettings } from './current-settings.js';
import { LaneSettingsError } from './lane-settings-errors.js';
import type { StoredLane } from './lane-settings.repository.js';

/**
 * The lanes of this process that the API has made. Other replicas make and retire them too, so they follow the store. A
 * lane of that name in the lanes file of this process is a lane of the file, not one of these.
 */
@Injectable()
export class MadeLanes {
  private readonly logger = new Logger('LaneSettings');
  /** The settings of the API with which the upstream of each lane was opened, by lane. */
  private readonly opened = new Map<string, string>();

  constructor(
    private readonly configuration: Configuration,
    private readonly registry: LaneRegistry,
    private readonly upstreams: MadeLaneUpstreams,
  ) {}

  /** Adds the configuration of a lane that the API has made, so that its base is brought like that of others. */
  declare({ lane, document }: StoredLane): void {
    const state = document?.made?.state;
    if (state !== undefined && state !== 'retired' && this.configuration.find(lane) === undefined) {
      this.configuration.addMadeLane(this.configuration.toMadeLane(lane));
    }
  }

  /** Returns true if the lane was made by the API and not by the lanes file of this process. */
  isMade({ lane, document }: StoredLane): boolean {
    return document?.made !== undefined && this.configuration.find(lane)?.isMade !== false;
  }

  /**
   * Checks what the API sets of the upstream of a lane.
   * @throws LaneSettingsError with one line
   */
  async check({ configuration: { name }, document: { base, overrides } }: CurrentSettings): Promise<void> {
    await this.open(name, base, overrides);
  }

  /**
   * Makes the lane in this process, changes its upstream, or removes it, as its settings say. Options of a lane that was
   * there before are not changed.
   * @throws LaneSettingsError if its upstream cannot be opened here
   */
  async follow(current: CurrentSettings): Promise<void> {
    const { configuration, document, version } = current;
    const { name } = configuration;
    const { base, overrides, made } = document;
    if (made === undefined || made.state === 'retired') {
      this.remove(name);
      return;
    }
    const given = canonical(upstreamOf(overrides));
    const lane = this.registry.find(name);
    const isOpen = lane !== undefined && this.opened.get(name) === given;
    if (!isOpen) {
      this.upstreams.install(name, await this.open(name, base, overrides));
      this.opened.set(name, given);
    }
    if (lane === undefined) {
      this.declare({ lane: name, version, document });
      this.registry.add(new LaneOptions(name, toVariables(configuration, base, overrides), version));
      this.logger.log({ msg: `lane ${name}: made over the API`, lane: name });
    } else if (!isOpen) {
      this.registry.replaceUpstream(lane);
    }
    this.registry.get(name).isRetiring = made.state === 'retiring';
  }

  private remove(name: string): void {
    if (this.registry.find(name) !== undefined) {
      this.registry.remove(name);
      this.configuration.removeMadeLane(name);
      this.upstreams.install(name, undefined);
      this.opened.delete(name);
      this.logger.log({ msg: `lane ${name}: retired`, lane: name });
    }
  }

  private async open(
    name: string,
    base: CurrentSettings['document']['base'],
    overrides: Overrides,
  ): ReturnType<MadeLaneUpstreams['open']> {
    try {
      const configuration = this.configuration.find(name) ?? this.configuration.toMadeLane(name);
      return await this.upstreams.open(name, toVariables(configuration, base, overrides), overrides);
    } catch (error) {
      throw error instanceof ConfigError
        ? LaneSettingsError.about(toFileTerms(error.message), { cause: error })
        : error;
    }
  }
}

function upstreamOf(overrides: Overrides): Overrides {
  return Object.fromEntries(
    MADE_SETTINGS.flatMap(([setting]) => {
      const text = overrides[setting];
      return text === undefined ? [] : [[setting, text] as const];
    }),
  );
}
