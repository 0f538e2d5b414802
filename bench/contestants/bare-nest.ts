import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned, RESULTS_FOLDER } from '../settings.ts';

const SOURCE = new URL('./bare-nest-app.ts', import.meta.url);

/** Compiled as the service is: Node.js itself runs no decorators. */
export function startBareNest(): Promise<ServiceProcess> {
  const { outputText } = ts.transpileModule(readFileSync(SOURCE, 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const main = join(RESULTS_FOLDER, 'bare-nest-app.js');
  writeFileSync(main, outputText);
  return ServiceProcess.start({
    name: 'bare Nest',
    command: pinned('contestant', process.execPath, main),
    environment: { NODE_ENV: 'production' },
  });
}
