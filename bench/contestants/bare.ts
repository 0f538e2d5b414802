import type { Contestant, RunningContestant } from './contestant.ts';
import { runSource } from './run-source.ts';

/** Node.js's own server: no service in Node.js answers faster. */
export const bareHttp: Contestant = {
  name: 'bare node:http',
  start: () => startBare('bare node:http', 'bare-http-app.ts'),
};

/** The framework's limit: NestJS, Express and ValidationPipe that keep nothing. */
export const bareNest: Contestant = {
  name: 'bare Nest',
  start: () => startBare('bare Nest', 'bare-nest-app.ts'),
};

async function startBare(name: string, file: string): Promise<RunningContestant> {
  const service = await runSource(name, file);
  return { url: service.url, pid: service.pid, countKept: async () => null, stop: () => service.kill() };
}
