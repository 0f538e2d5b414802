/** A process that opens the embedded store in the given folder, reports that, and holds it until killed. */
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';

const [, , dataDir = ''] = process.argv;
try {
  const store = SqliteStore.open(dataDir, new SystemRuntime());
  console.log(store.maintenance.description);
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  process.exitCode = 1;
}
