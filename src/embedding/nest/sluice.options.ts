import type { Runtime } from '../../domain/runtime.js';
import type { LaneSettings, SluiceSettings } from '../sluice-settings.js';

/** Names the path under which the application's HTTP server serves a Sluice. */
export interface SluiceHttpOptions {
  /** The path of the API, the documents and the dashboard, such as `/sluice`. */
  readonly path: string;
}

/** The settings of a Sluice inside an application. Nothing is read from the environment of the process. */
export interface SluiceOptions extends SluiceSettings {
  /** Left out, nothing is served over HTTP. */
  readonly http?: SluiceHttpOptions;
  /** Lanes and their settings, by name. `registerLane` adds further ones; `default` is always there. */
  readonly lanes?: Readonly<Record<string, LaneSettings>>;
  /** If false, a signal does not drain it where the application has no shutdown hooks. The default is true. */
  readonly drainOnSignals?: boolean;
  /** The time of a test, see `VirtualClock` of `sluice/testing`; the default is the machine's. */
  readonly clock?: Runtime;
}

/** A lane that a module of the application registers. */
export interface LaneRegistrationOptions extends LaneSettings {
  readonly name: string;
  /** The name of the Sluice; needed only where an application has several. */
  readonly sluice?: string;
}

/** Holds the settings of a lane for the Sluice that finds it. */
export class LaneRegistration {
  constructor(
    readonly sluice: string,
    readonly lane: string,
    readonly settings: LaneSettings,
  ) {}
}
