import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ServiceStoppingError } from '../../domain/draining-error.js';

/**
 * Tells whether the service is stopping. It is set before anything is torn down, because `onModuleDestroy` is
 * the first of all shutdown hooks.
 */
@Injectable()
export class ShutdownState implements OnModuleDestroy {
  private readonly controller = new AbortController();

  get isShuttingDown(): boolean {
    return this.signal.aborted;
  }

  /** Aborted with a {@link ServiceStoppingError} when the service starts to stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onModuleDestroy(): void {
    this.controller.abort(new ServiceStoppingError());
  }
}
