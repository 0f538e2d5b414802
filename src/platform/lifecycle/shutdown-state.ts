import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ServiceStoppingError } from '../../domain/draining-error.js';

/** Whether the service is stopping. Set before anything is torn down: `onModuleDestroy` comes first of all hooks. */
@Injectable()
export class ShutdownState implements OnModuleDestroy {
  private readonly controller = new AbortController();

  get isShuttingDown(): boolean {
    return this.signal.aborted;
  }

  /** Aborted, with a {@link ServiceStoppingError}, once the service is stopping. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onModuleDestroy(): void {
    this.controller.abort(new ServiceStoppingError());
  }
}
