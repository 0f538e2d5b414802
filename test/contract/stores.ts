import type { Runtime } from '../../src/domain/runtime.js';
import type { StoragePorts } from '../../src/storage/ports.js';
import { isSelected } from '../support/selected-stores.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/** A store in use by one process. */
export interface OpenStore extends StoragePorts {
  /** The runtime of its process. */
  readonly runtime: Runtime;

  /** Advances the store's time and its wall time. Real time may pass too: tests allow for seconds. */
  advance(ms: number): Promise<void>;

  /** Reopens the store as a new process does after a kill. The old object must not be used any more. */
  reopen(): Promise<OpenStore>;

  /** Closes the store and removes its data. */
  close(): Promise<void>;
}

export interface StoreUnderTest {
  readonly name: string;
  /** Opens a fresh, empty store. */
  open(): Promise<OpenStore>;
}

/** The stores that the suite runs against. A test that holds for one and not for another is a bug. */
export const STORES: readonly StoreUnderTest[] = [
  ...(isSelected('sqlite') ? [{ name: 'SQLite', open: openSqlite }] : []),
  ...(isSelected('postgresql') ? [{ name: 'PostgreSQL', open: openPostgres }] : []),
];
