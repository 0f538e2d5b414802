import type { Command } from 'commander';
import { VERSION } from '../platform/config/version.js';

/** Adds `serve`, which runs the service. Its modules are loaded only when it runs. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the service, with the settings in the environment')
    .version(VERSION, '--version', 'show the version')
    .action(async () => {
      const { startService } = await import('./start-service.js');
      await startService();
    });
}
