import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned, RESULTS_FOLDER } from '../settings.ts';

/**
 * Starts a contestant's own source beside this file, on the contestants' core. Compiled as the service is: Node.js itself
 * runs no decorators.
 */
export function runSource(
  name: string,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const source = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const main = join(RESULTS_FOLDER, basename(file).replace(/\.ts$/, '.js'));
  writeFileSync(main, outputText);
  return ServiceProcess.start({
    name,
    command: pinned('contestant', process.execPath, main),
    environment: { NODE_ENV: 'production', ...environment },
  });
}
