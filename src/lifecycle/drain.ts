import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the service is stopping. Set before anything is torn down: `onModuleDestroy` comes first of all hooks. */
@Injectable()
export class Drain implements OnModuleDestroy {
  private begun = false;

  get isDraining(): boolean {
    return this.begun;
  }

  onModuleDestroy(): void {
    this.begun = true;
  }
}
