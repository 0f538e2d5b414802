import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { ServiceProcess } from '../../scripts/demo/service-process.js';
import { describeWhere } from '../support/describe-where.js';
import { readDockerfile } from '../support/dockerfile.js';
import { canEnterRoots, enterRoot, makeImageRoot } from '../support/image-root.js';

jest.setTimeout(120_000);

describeWhere(
  canEnterRoots,
  'root and the right to mount',
  'The root of the image, which holds the package and Node.js alone',
  () => {
    let root = '';
    const { environment, command, healthCheck } = readDockerfile();
    const services: ServiceProcess[] = [];
    const start = (
      mode: 'ro' | 'rw',
      variables: Readonly<Record<string, string>> = {},
    ): Promise<ServiceProcess> =>
      ServiceProcess.start(
        {
          name: 'the service in its root',
          command: enterRoot(root, mode, command),
          environment: { ...environment, HOST: '127.0.0.1', PORT: '0', ...variables },
        },
        (service) => services.push(service),
      );
    /** Runs the health check of the image; returns its exit code. */
    const checkHealth = ({ url }: ServiceProcess): number | null => {
      const [program, ...args] = enterRoot(root, 'ro', healthCheck);
      return spawnSync(program, args, { env: { ...environment, PORT: new URL(url).port } }).status;
    };
    const countCached = (): number =>
      readdirSync(join(root, String(environment['NODE_COMPILE_CACHE'])), { recursive: true }).length;

    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), 'sluice-root-'));
      makeImageRoot(root);
    });
    afterEach(async () => {
      await Promise.all(services.splice(0).map((service) => service.kill()));
    });
    afterAll(() => {
      rmSync(root, { recursive: true, force: true });
    });

    it('keeps the compiled code of the start that the build makes', async () => {
      const service = await start('rw', { DATA_DIR: '/tmp/once' });

      expect(checkHealth(service)).toBe(0);
      expect(await service.stop()).toBe(0);
      expect(countCached()).toBeGreaterThan(5);
    });

    it('runs unprivileged on a read-only root: is healthy, accepts a list, serves its pages, stops', async () => {
      const service = await start('ro');
      const post = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
      const body = '{"ids":[1,2],"priority":"HIGH"}';
      const accepted = await fetch(`${service.url}/ingest`, { ...post, body });
      const { ingestion_id: id } = (await accepted.json()) as { readonly ingestion_id: string };
      const pages = await Promise.all(
        [`/status/${id}`, '/', '/docs', '/redoc', '/openapi.json', '/metrics'].map(async (path) => {
          const { status } = await fetch(service.url + path);
          return `${path.replace(id, 'id')} ${String(status)}`;
        }),
      );

      expect(readProcess(service, 'status')).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
      expect(readProcess(service, 'mountinfo')).toMatch(/ \/ ro[, ]/);
      expect(checkHealth(service)).toBe(0);
      expect(accepted.status).toBe(200);
      expect(pages).toEqual([
        '/status/id 200',
        '/ 200',
        '/docs 200',
        '/redoc 200',
        '/openapi.json 200',
        '/metrics 200',
      ]);
      expect(await service.stop()).toBe(0);
      expect(service.printed).not.toMatch(/"level":"(?:error|fatal)"/);
      expect(checkHealth(service)).not.toBe(0);
    });
  },
);

function readProcess({ pid }: ServiceProcess, file: string): string {
  return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
}
