import { STORAGE_PORT_NAMES, type StoragePorts } from '../../src/storage/ports.js';

/** Returns the ports of a store without the store itself. */
export function portsOf(store: StoragePorts): StoragePorts {
  // Object.fromEntries forgets which name has which port.
  return Object.fromEntries(STORAGE_PORT_NAMES.map((name) => [name, store[name]])) as unknown as StoragePorts;
}
