import type { Host, HostParts } from './host.js';
import { Machine } from './machine.js';
import type { StoreRows } from './store-rows.js';

const MAX_LOG_BYTES = 400_000;

/** The hosts of a service and the store that they share. */
export abstract class Deployment {
  abstract readonly hosts: readonly Host[];
  /** The longest time after the end of a process until another one takes its ids, in ms. */
  abstract readonly orphanedForMs: number;

  /** Must be called before the first host starts. */
  abstract open(): Promise<void>;

  /** Returns the rows of the store as they are now; null while it cannot be read. */
  abstract readRows(): Promise<StoreRows | null>;

  /** Returns the time of the store, in ms; null while it is not known. */
  abstract storeNowMs(): number | null;

  /** Keeps the store small. It is called about once a second. */
  abstract tidy(): void;

  /** Removes everything. */
  abstract close(): Promise<void>;
}

/** Makes the deployment of one run. */
export type Deploy = (parts: HostParts) => Deployment;

/** One process with an embedded store. */
export class EmbeddedDeployment extends Deployment {
  override readonly hosts: readonly [Machine];
  override readonly orphanedForMs = 0;

  constructor(parts: HostParts) {
    super();
    this.hosts = [new Machine(parts)];
  }

  override open(): Promise<void> {
    return Promise.resolve();
  }

  override readRows(): Promise<StoreRows | null> {
    return Promise.resolve(this.life?.rows ?? null);
  }

  override storeNowMs(): number | null {
    const { life } = this;
    const offsetMs = life?.observer.storeOffsetMs ?? null;
    return life === null || offsetMs === null ? null : offsetMs + life.runtime.monotonicMs();
  }

  override tidy(): void {
    if (this.life !== null && this.life.disk.logBytes() > MAX_LOG_BYTES) {
      this.life.disk.checkpoint();
    }
  }

  override close(): Promise<void> {
    this.hosts[0].remove();
    return Promise.resolve();
  }

  private get life(): Machine['life'] {
    return this.hosts[0].life;
  }
}
