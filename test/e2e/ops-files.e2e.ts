import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { VERSION } from '../../src/platform/config/version.js';
import { VARIABLES } from '../../src/platform/config/variables.js';
import { useApps } from '../support/app.js';
import { useBuiltService } from '../support/built-service.js';
import { readDockerfile } from '../support/dockerfile.js';

jest.setTimeout(60_000);

const OPS = fileURLToPath(new URL('../../ops/', import.meta.url));
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
/** Metrics of Prometheus itself and of the process. */
const FOREIGN = /^(up|process_\w+)$/;

describe('The files of ops/', () => {
  const start = useApps();
  const startBuilt = useBuiltService();

  it('name only metrics that there are', async () => {
    const { request } = await start();
    const { text } = await request.get('/metrics').expect(200);
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => String(name)));
    const used = ['alerts.yaml', 'grafana.json'].flatMap((file) =>
      [...readFileSync(`${OPS}${file}`, 'utf8').matchAll(/\b(sluice_\w+|process_\w+)/g)].map(
        ([name]) => name,
      ),
    );
    const unknown = used.filter(
      (name) =>
        !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')) && !FOREIGN.test(name),
    );
    expect(used.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  it('build an image that names this release', () => {
    expect(readDockerfile().version).toBe(VERSION);
  });

  it('set only variables that the service knows, and the Dockerfile as well', () => {
    const unit = readFileSync(`${OPS}systemd/sluice.service`, 'utf8');
    const lines = [...unit.matchAll(/^Environment=(.*)$/gm)].map(([, line = '']) => line);
    const names = lines.flatMap((line) => line.split(' ')).map((word) => word.split('=')[0] ?? '');
    const all = [...names, ...Object.keys(readDockerfile().environment)];

    expect(all.filter((name) => !/^(?:PATH|NODE_\w+)$/.test(name) && !(name in VARIABLES))).toEqual([]);
    expect(all).toContain('DATA_DIR');
  });

  it('hold a health check that succeeds while the service is alive, and fails when it has stopped', async () => {
    const service = await startBuilt();
    const check = (): number | null =>
      spawnSync(`${OPS}docker/health.sh`, { env: { PORT: new URL(service.url).port } }).status;
    expect(check()).toBe(0);
    await service.stop();
    expect(check()).not.toBe(0);
  });

  (hasSystemd ? it : it.skip)(
    'hold a unit that systemd finds right and well confined (skipped where it is not installed)',
    () => {
      const unit = `${OPS}systemd/sluice.service`;
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      // 0 is the least exposed; systemd calls up to 2 well confined.
      const security = ['security', '--offline=true', '--threshold=20', unit];
      expect(spawnSync('systemd-analyze', security, { stdio: 'ignore' }).status).toBe(0);
    },
  );

  (hasPromtool ? it : it.skip)(
    'hold alerts that promtool finds right (skipped where it is not installed)',
    () => {
      for (const args of [
        ['check', 'rules', 'alerts.yaml'],
        ['test', 'rules', 'alerts.test.yaml'],
      ]) {
        const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: OPS, encoding: 'utf8' });
        expect([args.join(' '), status, status === 0 ? '' : `${stdout}${stderr}`]).toEqual([
          args.join(' '),
          0,
          '',
        ]);
      }
    },
  );
});
