import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Types that say what comes: each line is an error where a type is too wide or too narrow. */
const PROGRAM = `
import { createSluiceClient, SluiceApiError, type IngestionEvent, type ResultPageView } from '@sluice/client';

export async function main(baseUrl: string): Promise<string> {
  const sluice = createSluiceClient({ baseUrl });
  const { data } = await sluice.POST('/ingest', { body: { ids: [1, 2n], priority: 'LOW' } });
  const first: string | undefined = data?.ingestion_id;
  const numbers: readonly number[] = [3, 4];
  const { ingestion_id: id } = await sluice.submit({ ids: numbers, priority: 'HIGH' }, { idempotencyKey: 'k' });
  const page = await sluice.GET('/ingestions/{ingestion_id}/results', { params: { path: { ingestion_id: id } } });
  const results: ResultPageView | undefined = page.data;
  const detail: string | undefined = page.error?.detail;
  const { status } = await sluice.waitUntilDone(id, { signal: AbortSignal.timeout(30_000) });
  const seen: bigint[] = [];
  for await (const result of sluice.results(id)) {
    seen.push(result.id);
  }
  let last: IngestionEvent | undefined;
  for await (const event of sluice.events(id)) {
    last = event;
    if (event.type === 'batch') {
      seen.push(...event.data.ids);
    }
  }
  const { ids_ahead: ahead } = await sluice.estimate({ ids: [5n], priority: 'MEDIUM' });
  const found = await sluice.waitUntilDone('no-such-id').catch((error: unknown) => error);
  // @ts-expect-error A priority is one of three.
  const wrong = () => sluice.submit({ ids: [1], priority: 'SOON' });
  // @ts-expect-error The path is not one of the service.
  const unknown = () => sluice.GET('/no-such-path');
  return [
    typeof first, results?.results.length, detail, status, seen.join(' '), last?.type, typeof ahead,
    found instanceof SluiceApiError && found.status, typeof wrong, typeof unknown,
  ].join(', ');
}
`;
const PRINTED = 'string, 2, , completed, 3 4 3 4, done, number, 404, function, function\n';
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2024',
};

describe('The package of the client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-spec-'));
  const service = useSharedService(() => ({ BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' }));
  let packed: { readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] };

  beforeAll(async () => {
    const modules = join(folder, 'node_modules');
    const target = join(modules, '@sluice/client');
    mkdirSync(target, { recursive: true });
    const { stdout } = await run('npm', ['pack', '--silent', '--json', '--pack-destination', folder], {
      cwd: join(ROOT, 'packages/client'),
    });
    const [result] = JSON.parse(stdout) as readonly (typeof packed & { readonly filename: string })[];
    if (result === undefined) {
      throw new Error('npm packed nothing');
    }
    packed = result;
    const tarball = join(folder, result.filename);
    await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers', '@types', 'undici-types']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Makes a project that has the package installed; returns its folder. */
  function makeProject(name: string, type: string, compilerOptions: object, files: Record<string, string>) {
    const project = join(folder, name);
    mkdirSync(project);
    const config = { compilerOptions: { ...STRICT, ...compilerOptions }, include: ['*.ts'] };
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(project, file), text);
    }
    return project;
  }

  async function compile(project: string): Promise<void> {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch(
      (error: unknown) =>
        error as {
          stdout: string;
        },
    );
    expect(stdout).toBe('');
  }

  it('has at most 120 kB: two modules and their types, no sources and no tests', () => {
    expect(packed.unpackedSize).toBeLessThanOrEqual(120_000);
    expect(packed.files.map(({ path }) => path).filter((path) => !/\.d\.c?ts$/.test(path))).toEqual([
      'README.md',
      'dist/index.cjs',
      'dist/index.js',
      'dist/LICENSE',
      'dist/THIRD-PARTY-NOTICES.txt',
      'package.json',
    ]);
  });

  it('has the version of the service, and the openapi-fetch that it is tested with', () => {
    const service = readPackage('package.json');
    const client = readPackage('packages/client/package.json');

    expect(client.version).toBe(service.version);
    expect(client.dependencies).toEqual({ 'openapi-fetch': service.devDependencies?.['openapi-fetch'] });
  });

  it.each(['module', 'commonjs'])('compiles and runs in a strict project of type %s', async (type) => {
    const project = makeProject(
      type,
      type,
      { module: 'nodenext', types: ['node'] },
      {
        'program.ts': PROGRAM,
        'main.ts': `import { main } from './program.js';
void main(process.argv[2] ?? '').then((line) => console.log(line));`,
      },
    );
    await compile(project);
    const { stdout, stderr } = await run(process.execPath, [join(project, 'main.js'), service.url]);

    expect([stdout, stderr]).toEqual([PRINTED, '']);
  });

  it.each([
    [
      'a bundler for browsers',
      { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2024', 'dom'] },
    ],
    [
      'an old CommonJS project',
      {
        module: 'commonjs',
        moduleResolution: 'node10',
        types: [],
        lib: ['es2024', 'dom'],
        ignoreDeprecations: '6.0',
      },
    ],
  ])('has types for %s', async (name, options) => {
    await compile(
      makeProject(
        name.replaceAll(' ', '-'),
        'commonjs',
        { ...options, noEmit: true },
        { 'program.ts': PROGRAM },
      ),
    );
  });
});

interface Package {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readPackage(path: string): Package {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Package;
}
