import { DEFAULT_LANE } from '../../domain/lane.js';
import { ConfigError } from './config-error.js';
import { readLanesFile } from './lane-config-file.js';
import type { LaneEntry } from './lane-entry.js';
import { readVariables, type Environment } from './read-variables.js';
import type { Variables } from './variables.js';

/** The variables that apply to one lane. */
export class LaneConfiguration {
  constructor(
    readonly name: string,
    readonly variables: Variables,
    private readonly explain: (error: ConfigError) => ConfigError = (error) => error,
    /** The texts behind the variables: the environment, overridden by what the lane itself sets. */
    readonly environment: Environment = {},
    /** The texts that the lane itself sets. */
    readonly own: Environment = {},
    /** True if the API has made the lane: neither the environment nor the lanes file names it. */
    readonly isMade: boolean = false,
  ) {}

  /**
   * Passes the variables to `make` and returns its result.
   * @throws ConfigError with the file and the line, if the lane is configured in a file.
   */
  read<T>(make: (variables: Variables) => T): T {
    try {
      return make(this.variables);
    } catch (error) {
      throw error instanceof ConfigError ? this.explain(error) : error;
    }
  }
}

/** The whole configuration. Each feature has an options class that reads what it needs from here. */
export class Configuration {
  private current: readonly [LaneConfiguration, ...LaneConfiguration[]];

  constructor(
    readonly variables: Variables,
    lanes: readonly [LaneConfiguration, ...LaneConfiguration[]],
    /** The texts behind the variables. */
    readonly environment: Environment = {},
  ) {
    this.current = lanes;
  }

  /** All lanes, the default lane first, then those of the lanes file, then those that the API has made. */
  get lanes(): readonly [LaneConfiguration, ...LaneConfiguration[]] {
    return this.current;
  }

  /**
   * Reads and checks the environment and the lanes file.
   * @throws ConfigError that names the first setting that is not valid, and why.
   */
  static read(environment: Environment): Configuration {
    const variables = readVariables(environment);
    const { LANES_FILE } = variables;
    return Configuration.of(
      variables,
      LANES_FILE === undefined ? [] : readLanesFile(LANES_FILE, environment),
      environment,
    );
  }

  /** Returns the configuration of a lane; undefined if there is no such lane. */
  find(name: string): LaneConfiguration | undefined {
    return this.current.find((lane) => lane.name === name);
  }

  /** Returns the configuration of a lane that the API makes. It takes the settings of the environment. */
  toMadeLane(name: string): LaneConfiguration {
    const { environment } = this;
    return new LaneConfiguration(name, readVariables(environment), undefined, environment, {}, true);
  }

  /** Adds a lane that the API has made. */
  addMadeLane(lane: LaneConfiguration): void {
    this.current = [...this.current, lane];
  }

  /** Removes a lane that the API has made. */
  removeMadeLane(name: string): void {
    const [first, ...others] = this.current;
    this.current = [first, ...others.filter((lane) => !lane.isMade || lane.name !== name)];
  }

  /**
   * `environment` holds the texts behind `variables`.
   * @throws ConfigError that names the first setting of a lane that is not valid, and why.
   */
  static of(variables: Variables, lanes: readonly LaneEntry[], environment: Environment = {}): Configuration {
    let defaultLane = new LaneConfiguration(DEFAULT_LANE, variables, undefined, environment);
    const others: LaneConfiguration[] = [];
    for (const { name, environment: ofLane, own, explain } of lanes) {
      // A lane is checked like an environment with the same values.
      const lane = new LaneConfiguration(name, readLane(ofLane, explain), explain, ofLane, own);
      if (name === DEFAULT_LANE) {
        defaultLane = lane;
      } else {
        others.push(lane);
      }
    }
    return new Configuration(variables, [defaultLane, ...others], environment);
  }
}

function readLane(environment: Environment, explain: (error: ConfigError) => ConfigError): Variables {
  try {
    return readVariables(environment);
  } catch (error) {
    throw error instanceof ConfigError ? explain(error) : error;
  }
}
