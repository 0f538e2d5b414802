import { Readable } from 'node:stream';
import type { SharedDeparture } from './shared-departure.js';

/**
 * The body of a request that waits for its departure. It is read when the request is written, behind a connection that
 * may have to be made first; what is pushed then goes to the socket at once, so that nothing comes between the slot
 * and the call.
 */
export class DepartingBody extends Readable {
  private isUnderWay = false;

  constructor(
    private readonly text: string,
    private readonly departure: SharedDeparture,
  ) {
    super();
  }

  override _read(): void {
    if (this.isUnderWay) {
      this.departure.left(); // who asks for more has written what there was
      this.push(null);
      return;
    }
    this.isUnderWay = true;
    this.departure.leave().then(
      () => {
        this.depart();
      },
      (error: unknown) => {
        this.destroy(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  private depart(): void {
    if (this.text !== '') {
      this.push(this.text);
      return;
    }
    this.push(null);
    setImmediate(() => {
      this.departure.left(); // the end of an empty body is what lets the head go
    });
  }
}
