import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned } from '../settings.ts';
import { NotInstalledError, type Contestant, type RunningContestant } from './contestant.ts';

/** Debian's Python, for which python3-fastapi and uvicorn are installed. */
const PYTHON = '/usr/bin/python3';
const SOURCE = fileURLToPath(new URL('./original-app.py', import.meta.url));

/** The design that Sluice replaces: FastAPI, with everything in memory. */
export const original: Contestant = {
  name: 'FastAPI in memory',
  async start(): Promise<RunningContestant> {
    if (spawnSync(PYTHON, ['-c', 'import fastapi, uvicorn']).status !== 0) {
      throw new NotInstalledError('python3-fastapi and uvicorn are not installed');
    }
    const service = await ServiceProcess.start({
      name: 'FastAPI',
      command: pinned('contestant', PYTHON, SOURCE),
      environment: {},
    });
    return {
      url: service.url,
      pid: service.pid,
      async countKept(): Promise<number> {
        const response = await fetch(`${service.url}/kept`);
        return ((await response.json()) as { ids: number }).ids;
      },
      stop: () => service.kill(),
    };
  },
};
