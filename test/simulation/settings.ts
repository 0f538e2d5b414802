import { Configuration } from '../../src/platform/config/configuration.js';
import { readVariables } from '../../src/platform/config/read-variables.js';
import type { Dice } from './dice.js';

/** The probability of each kind of fault in a run. */
export interface FaultRates {
  readonly stall: number;
  readonly maxStallMs: number;
  /** Per commit. */
  readonly storeFails: number;
  /** Per call of a port of the store. */
  readonly portDelay: number;
  readonly maxFlushMs: number;
  /** Per commit, and per request that leaves. */
  readonly killInWork: number;
  /** Mean times between two of them; 0 turns it off. */
  readonly killEveryMs: number;
  readonly stopEveryMs: number;
  readonly clockJumpEveryMs: number;
  /** Per request that leaves one of several processes. */
  readonly suspend: number;
  /** Per call that takes long. */
  readonly stopInLongCall: number;
  /** The share of kills that are power failures. */
  readonly powerFailures: number;
  /** The share of calls whose upstream misbehaves. */
  readonly badCalls: number;
}

/** Everything that is drawn for one run. */
export interface SimulationSettings {
  readonly configuration: Configuration;
  readonly faults: FaultRates;
  /** The mean time between two acts of a client, in ms. */
  readonly clientEveryMs: number;
  readonly maxListIds: number;
  readonly describe: string;
}

/** Draws the settings of a run. */
export function drawSettings(dice: Dice): SimulationSettings {
  const environment = {
    BATCH_SIZE: String(dice.integer('settings', 1, 5)),
    BATCH_DELAY: dice.pick('settings', ['5', '1', '0.2', '0.05', '0']),
    MAX_IN_FLIGHT: String(dice.integer('settings', 1, 8)),
    MAX_ATTEMPTS: String(dice.integer('settings', 1, 4)),
    RETRY_BASE: dice.pick('settings', ['0.1', '1', '5']),
    RETRY_MAX: '20',
    DISPATCH_LEASE: dice.pick('settings', ['4', '4', '10', '60']),
    EXTERNAL_API_TIMEOUT: dice.pick('settings', ['2', '6', '15']),
    RETRY_AFTER_MAX: '60',
    BREAKER_THRESHOLD: dice.pick('settings', ['0', '3', '5']),
    BREAKER_COOLDOWN: '5',
    PRIORITY_AGING: dice.pick('settings', ['0', '0', '30']),
    IDEMPOTENCY_WINDOW_SECONDS: '3600',
    MAX_WAITING_IDS: '0',
  };
  const lanes = [
    { name: 'fast', environment: { ...environment, BATCH_DELAY: '0', MAX_IN_FLIGHT: '6' } },
    {
      name: 'ruled',
      environment: {
        ...environment,
        BATCH_DELAY: dice.pick('settings', ['0', '0', '0.1']),
        LIMITS: drawLimits(dice),
        ...(dice.next('settings') < 0.4 && { EXTERNAL_API_URL: 'http://upstream.test/{id}' }),
      },
    },
  ];
  const wanted = lanes.filter(() => dice.next('settings') < 0.6);
  const configuration = Configuration.of(
    readVariables(environment),
    wanted.map((lane) => ({ ...lane, explain: (error) => error })),
  );
  const isCalm = dice.next('settings') < 0.15;
  const canReboot = dice.next('settings') < 0.5;
  const faults: FaultRates = {
    stall: isCalm ? 0 : dice.pick('settings', [0, 0.0002, 0.002]),
    maxStallMs: dice.pick('settings', [50, 500, 8000]),
    storeFails: isCalm ? 0 : dice.pick('settings', [0, 0.002, 0.02]),
    portDelay: isCalm ? 0 : dice.pick('settings', [0, 0.02, 0.2]),
    maxFlushMs: dice.pick('settings', [1, 10, 200]),
    killInWork: isCalm ? 0 : dice.pick('settings', [0, 0.001, 0.01]),
    killEveryMs: isCalm ? 0 : dice.pick('settings', [0, 20_000, 120_000]),
    stopEveryMs: dice.pick('settings', [0, 60_000, 300_000]),
    clockJumpEveryMs: canReboot ? 0 : dice.pick('settings', [0, 10_000, 60_000]),
    powerFailures: canReboot ? 0.7 : 0,
    badCalls: dice.pick('settings', [0, 0.1, 0.4]),
    suspend: isCalm ? 0 : dice.pick('settings', [0, 0.005, 0.02]),
    stopInLongCall: isCalm ? 0 : dice.pick('settings', [0.05, 0.2]),
  };
  return {
    configuration,
    faults,
    clientEveryMs: dice.pick('settings', [200, 1000, 4000]),
    maxListIds: dice.pick('settings', [3, 12, 40]),
    describe: JSON.stringify({
      environment,
      lanes: wanted.map(({ name }) => name),
      limits: lanes[1]?.environment,
      faults,
    }),
  };
}

/** Draws limits: up to three windows, and at times a limit in flight. */
function drawLimits(dice: Dice): string {
  const windows = Array.from({ length: dice.integer('settings', 1, 3) }, () => ({
    [dice.pick('settings', ['calls', 'ids'])]: dice.integer('settings', 2, 12),
    per: dice.integer('settings', 200, 8000) / 1000,
    margin: 0,
    spread: dice.next('settings') < 0.2,
  }));
  const inFlight = dice.next('settings') < 0.4 ? [{ in_flight: dice.integer('settings', 1, 4) }] : [];
  return JSON.stringify([...windows, ...inFlight]);
}
