import type { StoragePorts } from '../../src/storage/ports.js';
import { isSelected } from '../support/selected-stores.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/** A store in use by one process. */
export interface OpenStore extends StoragePorts {
  /** Moves the store's time on, and the wall time it records. Real time may pass beside it: tests allow for seconds. */
  advance(ms: number): Promise<void>;

  /** The same store as a new process finds it after this one was killed. This one is not used any more. */
  reopen(): Promise<OpenStore>;

  /** Lets the store go and removes its data. */
  close(): Promise<void>;
}

export interface StoreUnderTest {
  readonly name: string;
  /** A fresh, empty store. */
  open(): Promise<OpenStore>;
}

/** The stores that the suite runs against. A test that holds for one and not for another is a bug. */
export const STORES: readonly StoreUnderTest[] = [
  ...(isSelected('sqlite') ? [{ name: 'SQLite', open: openSqlite }] : []),
  ...(isSelected('postgresql') ? [{ name: 'PostgreSQL', open: openPostgres }] : []),
];
