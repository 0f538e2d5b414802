import { STORAGE_PORT_NAMES, type StoragePorts } from '../../src/storage/ports.js';

/** Returns the ports of a store without the store itself. */
export function portsOf(store: StoragePorts): StoragePorts {
  // Object.fromEntries loses the type of each port.
  return Object.fromEntries(STORAGE_PORT_NAMES.map((name) => [name, store[name]])) as unknown as StoragePorts;
}
