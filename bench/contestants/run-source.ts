import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned, RESULTS_FOLDER } from '../settings.ts';

/**
 * Starts a contestant from its source in this folder, on the contestants' core. The source is compiled as the
 * service is, because Node.js itself does not run decorators.
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
