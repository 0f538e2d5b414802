import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { MaintenanceRepository, type StoreStatus } from '../maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { Runtime } from '../../domain/runtime.js';

const PROBE_INTERVAL_MS = 1000;
/** Load balancers time out after some seconds; a check must report the cause before that. */
const PROBE_TIMEOUT_MS = 2000;

/** The result of the last probe: a value or an error. */
type Found<T> = { readonly value: T } | { readonly error: unknown };

const NOT_ASKED: Found<never> = { error: new StoreUnavailableError('the store has not been checked yet') };

/**
 * Probes the store once a second. Health requests read the last result and cost the store nothing. Only one
 * probe runs at a time, so a store that does not respond gets no further probes.
 */
@Injectable()
export class StoreProbe implements OnApplicationBootstrap {
  private readonly failures: FailureLog;
  private taken: Found<void> = NOT_ASKED;
  private found: Found<StoreStatus> = NOT_ASKED;
  private running: Promise<void> | null = null;

  constructor(
    private readonly maintenanceRepository: MaintenanceRepository,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(runtime, new Logger('Health'), 'error', 'the store takes no work');
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.probe();
  }

  /** Probes the store. Resolves when it has responded or after two seconds; never rejects. */
  @Interval(PROBE_INTERVAL_MS)
  async probe(): Promise<void> {
    this.running ??= this.ask().finally(() => {
      this.running = null;
    });
    const isOver = new AbortController();
    const timeout = this.runtime.sleep(PROBE_TIMEOUT_MS, { signal: isOver.signal, ref: false }).then(
      () => 'timeout' as const,
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

  /** @throws StoreUnavailableError if the last write probe failed. */
  check(): void {
    unwrap(this.taken);
  }

  /** @throws StoreUnavailableError if the last status probe failed. */
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
