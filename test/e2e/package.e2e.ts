import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validation, type Spec } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ServiceProcess } from '../../scripts/demo/service-process.js';
import { packPackage, runNpm } from '../support/packed-package.js';
import { startPostgres, type TestServer } from '../support/postgres.js';
import { smoke, type Build, type Smoke } from '../support/smoke/smoke.js';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The Node.js that runs the builds: another one than the tests' own for the smoke test of its line. */
const NODE = process.env['SLUICE_NODE'] ?? process.execPath;

const MIB = 1024 * 1024;

/** One of the two. */
interface License {
  readonly license?: { readonly id: string };
  readonly expression?: string;
}

describe('The package', () => {
  // A blank and a dot, as in a user's own folders: static files must be found there, too.
  const base = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  const cache = join(base, 'cache');
  const folder = join(base, '.my apps');
  const installed = join(folder, 'node_modules/sluice');
  const build: Build = { node: NODE, sluice: join(installed, 'bundle/sluice.js') };
  let packedBytes = 0;
  let files: string[] = [];
  beforeAll(() => {
    mkdirSync(folder);
    const packed = packPackage(cache, folder);
    packedBytes = packed.size;
    files = packed.files.map(({ path }) => path);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    runNpm(cache, folder, 'install', `./${packed.filename}`);
  });
  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it('is small, and installs as one package', () => {
    const bytes = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
      .map((path) => statSync(join(folder, 'node_modules', path)))
      .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['sluice']);
    expect(packedBytes).toBeLessThan(4 * MIB);
    expect(bytes).toBeLessThan(10 * MIB);
  });

  it('has a command that can be run where it is built, as by npx, and not only where npm installs it', () => {
    const { mode } = statSync(join(ROOT, 'bundle/sluice.js'));

    expect((mode & 0o111).toString(8)).toBe('111');
  });

  it('holds what runs and nothing else', () => {
    const kinds = new Set(files.map((file) => file.replace(/^bundle\/(\w[\w-]*)\/.*/, 'bundle/$1/')));
    const others = [...kinds].filter((kind) => !/^bundle\/[\w.-]+\.js$/.test(kind)).toSorted();
    expect(others).toEqual([
      'LICENSE',
      'README.md',
      'bundle/THIRD-PARTY-NOTICES.txt',
      'bundle/external-api/',
      'bundle/platform/',
      'bundle/sbom.cdx.json',
      'bundle/storage/',
      'bundle/types/',
      'bundle/vendor/',
      'bundle/web/',
      'package.json',
    ]);
    expect(files.filter((file) => /\.map$|\.tsx$|(?<!\.d)\.ts$|licenses\.json|\.inputs/.test(file))).toEqual(
      [],
    );
  });

  it('loads nothing but its own files, also where a folder above holds other packages', async () => {
    const coverage = join(base, 'coverage');
    const service = await ServiceProcess.start({
      name: 'the package in the repository',
      command: [NODE, join(ROOT, 'bundle/sluice.js'), 'serve'],
      environment: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(base, 'data'), NODE_V8_COVERAGE: coverage },
    });
    await service.stop();
    const loaded = readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
        result: readonly { readonly url: string }[];
      };
      return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    });

    expect(loaded.filter((url) => !url.includes('/bundle/'))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(5);
  });

  it('runs nothing at its installation', () => {
    const { scripts, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      dependencies?: object;
    };
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?(?:install|prepare)$/.test(name))).toEqual(
      [],
    );
    expect(dependencies).toBeUndefined();
  });

  it('names each third party with its version, its licence and the text of that', () => {
    const notices = readFileSync(join(installed, 'bundle/THIRD-PARTY-NOTICES.txt'), 'utf8');
    const { components } = JSON.parse(readFileSync(join(installed, 'bundle/sbom.cdx.json'), 'utf8')) as {
      components: { name: string; version: string; purl: string; licenses: [License] }[];
    };
    expect(components.length).toBeGreaterThan(100);
    expect(new Set(components.map(({ purl }) => purl)).size).toBe(components.length);
    for (const { name, version, licenses } of components) {
      const [{ license, expression = license?.id }] = licenses;
      expect(notices).toContain(`\n${name} ${version} (${String(expression)})\n`);
    }
    // One of the service, one of the dashboard, one that is copied as it is, one of the declarations.
    for (const name of ['express', 'react-dom', 'swagger-ui-dist', 'openapi-typescript-helpers']) {
      expect(components.map((component) => component.name)).toContain(name);
    }
  });

  it('has a bill of materials that fits the schema of CycloneDX', async () => {
    const sbom = readFileSync(join(installed, 'bundle/sbom.cdx.json'), 'utf8');
    const { specVersion } = JSON.parse(sbom) as { specVersion: Spec.Version };
    const faults = await new Validation.JsonStrictValidator(specVersion).validate(sbom);

    expect(faults).toBeNull();
  });

  describe.each(['SQLite', 'PostgreSQL'])('on %s', (store) => {
    let server: TestServer | undefined;
    let ofBuild: Smoke;
    let ofPackage: Smoke;
    beforeAll(async () => {
      server = store === 'PostgreSQL' ? await startPostgres() : undefined;
      const run = (each: Build, name: string): Promise<Smoke> => {
        const data = mkdtempSync(join(base, 'data-'));
        const database = server && { DATABASE_URL: server.url, DATABASE_SCHEMA: `package_${name}` };
        return smoke(each, data, database);
      };
      const sources = { node: process.execPath, sluice: join(ROOT, 'dist/commands/sluice.command.js') };
      [ofBuild, ofPackage] = await Promise.all([run(sources, 'dist'), run(build, 'bundle')]);
    });
    afterAll(async () => {
      await server?.stop();
    });

    it('describes the API like the build from the sources, bit for bit', () => {
      expect(ofPackage.document).toBe(ofBuild.document);
    });

    it('does all that the build from the sources does', () => {
      expect(ofPackage.observations).toEqual(ofBuild.observations);
    });

    it('serves every page with its files, and parses a large answer of the upstream', () => {
      const { pages, list } = ofPackage.observations as { pages: Record<string, [number]>; list: unknown[] };
      expect(Object.entries(pages).filter(([, [status]]) => status !== 200)).toEqual([]);
      expect(Object.keys(pages).length).toBeGreaterThan(10);
      expect(JSON.stringify(list)).toContain('a x 100000');
    });
  });
});
