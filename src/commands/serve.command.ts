import type { Command } from 'commander';
import { VERSION } from '../platform/config/version.js';
import { EX_CONFIG } from './ex-config.js';

export interface ServeOptions {
  readonly checkConfig?: boolean;
  readonly printConfig?: boolean;
}

/** Adds `serve`, which runs the service. Its modules are loaded only when it runs. */
export function addServeCommand(program: Command, environment: NodeJS.ProcessEnv): void {
  program
    .command('serve')
    .description('run the service, with the settings in the environment')
    .version(VERSION, '--version', 'show the version')
    .option(
      '--check-config',
      'check all settings, print every fault and end; the exit code is 78 if there is one',
    )
    .option('--print-config', 'print each setting and where it comes from, without secrets, and end')
    .action(async ({ checkConfig, printConfig }: ServeOptions) => {
      if (checkConfig === true) {
        const { findConfigFaults } = await import('./check-config.js');
        const faults = findConfigFaults(environment);
        faults.forEach((fault) => process.stderr.write(`${fault}\n`));
        process.exitCode = faults.length === 0 ? 0 : EX_CONFIG;
      }
      if (printConfig === true) {
        const { formatConfig } = await import('./print-config.js');
        process.stdout.write(`${formatConfig(environment)}\n`);
      }
      if (checkConfig !== true && printConfig !== true) {
        const { startService } = await import('./start-service.js');
        await startService();
      }
    });
}
