/** The entry of the service, `sluice serve`. Nothing but the check of Node.js may be imported before the check. */
import { exitUnlessSupported } from './commands/supported-node.js';

exitUnlessSupported();
void import('./commands/run-sluice.js').then(({ runSluice }) =>
  runSluice(['serve', ...process.argv.slice(2)]),
);
