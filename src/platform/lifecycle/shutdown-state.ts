import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ServiceStoppingError } from '../../domain/draining-error.js';

/** Whether the service is stopping. Set before anything is torn down: `onModuleDestroy` comes first of all hooks. */
@Injectable()
export class Drain implements OnModuleDestroy {
  private readonly begun = new AbortController();

  get isDraining(): boolean {
    return this.signal.aborted;
  }

  /** Aborted, with a {@link ServiceStoppingError}, once the service is stopping. */
  get signal(): AbortSignal {
    return this.begun.signal;
  }

  onModuleDestroy(): void {
    this.begun.abort(new ServiceStoppingError());
  }
}
