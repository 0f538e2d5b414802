import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { ServiceProcess } from '../../scripts/demo/service-process.js';
import { makeFolder } from './make-folder.js';
import { useTempFolders } from './temp-folder.js';

/** The package, which starts in half the time of its sources; `SLUICE_MAIN=dist/main.js` tests those instead. */
const MAIN = process.env['SLUICE_MAIN'] ?? fileURLToPath(new URL('../../bundle/main.js', import.meta.url));
const ENDS_WITHIN_MS = 20_000;

type Variables = Readonly<Record<string, string>>;

export interface Failure {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built service in processes that end with the test, each with its own port and store. */
export function useBuiltService(): (variables?: Variables) => Promise<ServiceProcess> {
  const newFolder = useTempFolders();
  const services: ServiceProcess[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.kill()));
  });
  return (variables = {}) =>
    ServiceProcess.start(
      {
        name: 'the service',
        command: [process.execPath, builtMain()],
        environment: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: newFolder(), ...variables },
      },
      (service) => services.push(service),
    );
}

/** Starts one built service for all tests of a block; `variables` is called once, with its folder. */
export function useSharedService(variables: (folder: string) => Variables): { readonly url: string } {
  const folder = makeFolder();
  let service: ServiceProcess | undefined;
  beforeAll(async () => {
    service = await ServiceProcess.start({
      name: 'the service',
      command: [process.execPath, builtMain()],
      environment: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data'), ...variables(folder) },
    });
  });
  afterAll(async () => {
    await service?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get url(): string {
      return service?.url ?? '';
    },
  };
}

/** Starts the built service with settings under which it cannot start; returns its exit code and output. */
export function failToStart(variables: Variables, args: readonly string[] = []): Failure {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtMain(), ...args], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...variables },
    encoding: 'utf8',
    timeout: ENDS_WITHIN_MS,
  });
  return { exitCode: status, stdout, stderr };
}

/**
 * Returns the file of the built service.
 * @throws Error if there is none.
 */
export function builtMain(): string {
  if (!existsSync(MAIN)) {
    throw new Error('the service is not built: run `npm run build` first');
  }
  return MAIN;
}
