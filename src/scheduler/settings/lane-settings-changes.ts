import { Injectable, Logger } from '@nestjs/common';
import type { AuditAction, AuditChange, AuditFields, AuditValue } from '../../domain/audit.js';
import { Runtime } from '../../domain/runtime.js';
import type { LaneConfiguration } from '../../platform/config/configuration.js';
import { MADE_SETTINGS, toValue, toVariables, type Overrides } from '../../platform/config/lane-layers.js';
import { LANE_VARIABLES } from '../../platform/config/variables.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import { UNPACED_LEAVE_MS } from '../queue/lane-grants.js';
import { QueueRepository } from '../queue/queue.repository.js';
import type { CurrentSettings } from './current-settings.js';
import { endsDepartureLog, toDepartureSeed } from './departure-seed.js';
import { canonical } from './lane-bases.js';
import {
  LaneRetiringError,
  LaneSettingsError,
  LaneVersionError,
  UnknownLaneError,
} from './lane-settings-errors.js';
import { LaneSettings, toOptions } from './lane-settings.js';
import { LaneSettingsRepository, type LaneDocument, type MadeLane } from './lane-settings.repository.js';
import { MadeLanes } from './made-lanes.js';

/** Number of races with other changes that a change without a version may lose. */
const MAX_RACES = 10;

/** Tells a client that wants to make a lane, and finds that it is being retired, how to go on. */
export const RETIRING_ADVICE = 'make it again once it is gone, or change its settings with PATCH';

/** A change of the document of a lane. */
export interface LaneUpdate {
  readonly document: LaneDocument;
  /** The act for the audit log; absent if no client has made the change. */
  readonly action?: AuditAction;
  /** The value after the act in the audit log; absent if the changed settings are it. */
  readonly to?: AuditValue;
}

/** Changes the settings of lanes in the store. A change is answered when nothing leaves by the old ones any more. */
@Injectable()
export class LaneSettingsChanges {
  private readonly logger = new Logger('LaneSettings');

  constructor(
    private readonly settings: LaneSettings,
    private readonly repository: LaneSettingsRepository,
    private readonly made: MadeLanes,
    private readonly queueRepository: QueueRepository,
    private readonly audit: AuditTrail,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Changes what the API has set of a lane, if it has one of these versions; null changes any. Resolves when nothing leaves
   * by the old settings any more, in any process. A lane that is being retired is changed too, so that its pending ids can
   * be sent faster, or to another URL.
   * @throws LaneSettingsError if the lane cannot have them; LaneVersionError; UnknownLaneError
   */
  change(
    name: string,
    toOverrides: (overrides: Overrides) => Overrides,
    versions: readonly number[] | null,
  ): Promise<CurrentSettings> {
    return this.changeIn(['active', 'retiring'], name, toOverrides, versions);
  }

  /**
   * Sets all that the API has set of a lane, like {@link change}. Who does so expects a lane that stays.
   * @throws LaneRetiringError if the lane is being retired; the errors of {@link change}
   */
  replace(name: string, overrides: Overrides, versions: readonly number[] | null): Promise<CurrentSettings> {
    return this.changeIn(['active'], name, () => overrides, versions);
  }

  private changeIn(
    states: readonly MadeLane['state'][],
    name: string,
    toOverrides: (overrides: Overrides) => Overrides,
    versions: readonly number[] | null,
  ): Promise<CurrentSettings> {
    return this.update(
      () => this.settings.read(name),
      versions,
      ({ configuration, document }) => {
        const { state = 'active' } = (configuration.isMade ? document.made : undefined) ?? {};
        if (state === 'retired') {
          throw new UnknownLaneError(); // by another replica, which this process has not seen yet
        }
        if (!states.includes(state)) {
          throw new LaneRetiringError(name, RETIRING_ADVICE);
        }
        const overrides = toOverrides(document.overrides);
        assertChangeable(configuration, document.overrides, overrides);
        return isSame(overrides, document.overrides)
          ? null
          : { document: { ...document, overrides }, action: 'change_lane' };
      },
    );
  }

  /**
   * Replaces the document of a lane, if it has one of these versions; null replaces any. `toUpdate` returns null if nothing
   * is to be changed. Resolves when nothing leaves by the old settings any more, in any process.
   * @throws LaneSettingsError if the lane cannot have them; LaneVersionError; the errors of `read` and `toUpdate`
   */
  async update(
    read: () => Promise<CurrentSettings>,
    versions: readonly number[] | null,
    toUpdate: (current: CurrentSettings) => LaneUpdate | null,
  ): Promise<CurrentSettings> {
    for (let race = 0; race < MAX_RACES; race++) {
      const current = await read();
      const { configuration, version } = current;
      const { name } = configuration;
      if (versions !== null && !versions.includes(version)) {
        throw new LaneVersionError(version);
      }
      const update = toUpdate(current);
      if (update === null) {
        return current;
      }
      const { document, action, to } = update;
      const next = { configuration, version: version + 1, document };
      toOptions(next);
      if (configuration.isMade && document.made?.state !== 'retired') {
        await this.made.check(next);
      }
      const change = { ...toChange(current, next), ...(to !== undefined && { to }) };
      const [written] = await this.repository.write([
        {
          lane: name,
          version,
          document,
          forgetsDelay: true,
          seed: toDepartureSeed(configuration, current.document, document),
          endsLog: endsDepartureLog(configuration, current.document, document),
          ...(action !== undefined && { audit: this.audit.entry(action, { lane: name, ...change }) }),
        },
      ]);
      if (written !== undefined && written !== null) {
        this.logger.log({ msg: `lane ${name}: settings changed`, lane: name, ...change });
        await this.settings.use(next);
        await this.untilNothingLeavesBy(toOptions(current), written.grantedForMs);
        return next;
      }
    }
    throw new LaneVersionError((await read()).version);
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
}

/** @throws LaneSettingsError if the upstream of a lane that the API has not made would change */
function assertChangeable({ isMade }: LaneConfiguration, before: Overrides, after: Overrides): void {
  const [fixed] = MADE_SETTINGS.find(([name]) => before[name] !== after[name]) ?? [];
  if (!isMade && fixed !== undefined) {
    throw LaneSettingsError.about(
      `${fixed} cannot be changed over the API: it belongs to the environment or the lanes file`,
    );
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
