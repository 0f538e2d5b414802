import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { MaintenanceRepository, type StoreStatus } from '../maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';

const PROBE_INTERVAL_MS = 1000;
/** Load balancers give up after some seconds; until then they are to learn what is wrong. */
const PROBE_TIMEOUT_MS = 2000;

/** What the last probe found: a value, or why there is none. */
type Found<T> = { readonly value: T } | { readonly error: unknown };

const NOT_ASKED: Found<never> = { error: new StoreUnavailableError('the store was not asked yet') };

/**
 * Asks the store once a second whether it takes work, whoever wants to know. Requests read what the last probe found and
 * cost the store nothing. One probe at a time: while the store does not answer, it is not asked again.
 */
@Injectable()
export class StoreProbe implements OnApplicationBootstrap {
  private readonly failures = new FailureLog(new Logger('Health'), 'error', 'the store takes no work');
  private taken: Found<void> = NOT_ASKED;
  private found: Found<StoreStatus> = NOT_ASKED;
  private running: Promise<void> | null = null;

  constructor(private readonly maintenanceRepository: MaintenanceRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.probe();
  }

  /** Resolves when the store has answered, or has not for two seconds; never rejects. */
  @Interval(PROBE_INTERVAL_MS)
  async probe(): Promise<void> {
    this.running ??= this.ask().finally(() => {
      this.running = null;
    });
    const isOver = new AbortController();
    const timeout = sleep(PROBE_TIMEOUT_MS, 'timeout', { signal: isOver.signal, ref: false }).catch(
      () => null,
    );
    if ((await Promise.race([this.running, timeout])) === 'timeout') {
      const error = new StoreUnavailableError(
        `the store does not answer within ${String(PROBE_TIMEOUT_MS)} ms`,
      );
      this.taken = { error };
      this.found = { error };
    }
    isOver.abort();
    this.log(this.taken);
  }

  /** @throws StoreUnavailableError where the store took no work a moment ago. */
  check(): void {
    unwrap(this.taken);
  }

  /** @throws StoreUnavailableError where the store could not be asked a moment ago. */
  condition(): StoreStatus {
    return unwrap(this.found);
  }

  private async ask(): Promise<void> {
    const taken = await find(this.maintenanceRepository.ping());
    this.found = await find(this.maintenanceRepository.status());
    this.taken = taken;
  }

  private log(taken: Found<void>): void {
    if ('error' in taken) {
      this.failures.failed(() => `the store takes no work: ${String(taken.error)}`);
    } else {
      this.failures.succeeded();
    }
  }
}

async function find<T>(asked: Promise<T>): Promise<Found<T>> {
  return asked.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function unwrap<T>(found: Found<T>): T {
  if ('error' in found) {
    throw found.error;
  }
  return found.value;
}
