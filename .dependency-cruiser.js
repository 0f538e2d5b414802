import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The rooms of src/ and their doors: what a room may import besides itself. The composition root may import anything.
 * `storage` and `clients` have rules of their own below.
 */
const DOORS = {
  domain: [],
  platform: ['domain'],
  'external-api': ['domain', 'platform'],
  scheduler: ['domain', 'platform', 'external-api'],
  ingestion: ['domain', 'platform', 'scheduler'],
  webhooks: ['domain', 'platform', 'scheduler'],
  operations: ['domain', 'platform', 'external-api', 'scheduler', 'ingestion', 'webhooks'],
};
const ROOMS = [...Object.keys(DOORS), 'storage', 'clients'];

/**
 * The folders of a room, the lowest first: each may import those before it, so no cycle is possible. Folders in one
 * string stand side by side and do not import each other.
 */
const FLOORS = {
  platform: ['config', 'dns|telemetry', 'logging', 'http', 'openapi', 'auth', 'rate-limit', 'lifecycle'],
  'external-api': ['http'],
  scheduler: ['pacing', 'lanes', 'queue', 'dispatch'],
  ingestion: ['estimate|results', 'status', 'dto', 'actions|listing|streaming'],
  webhooks: ['dto'],
  operations: [
    'maintenance',
    'queue-admin',
    'health',
    'metrics',
    'dispatches',
    'backup|dashboard|dead-letters|live|retention|statistics|tracing',
  ],
  clients: ['typescript', 'cli'],
  storage: ['shared', 'sqlite|postgres', 'copy'],
  'storage/sqlite': [
    'migrations',
    'database',
    'queue',
    'ingestion|results|dead-letters|dispatches|statistics|webhooks|rate-limit',
    'maintenance',
  ],
  'storage/postgres': [
    'migrations',
    'database',
    'queue',
    'ingestion|results|dead-letters|dispatches|statistics|webhooks|rate-limit',
    'maintenance',
  ],
};

const ROOT = '^src/((main|index|testing)\\.ts$|app\\.[a-z.]*module\\.ts$|commands/|embedding/)';
const SPECS = '\\.spec\\.ts$';
const MODULES = '\\.module\\.ts$';
/** The ports that a store implements stand in these files of the other rooms. */
const PORTS = `^src/(${Object.keys(DOORS).join('|')})/.+\\.(repository|store)\\.ts$`;

/**
 * Imports that are still allowed, file by file, with the reason. Do not add to them.
 * The stores order candidates and compute slots themselves until both use one claim protocol.
 */
const EXCEPTIONS = {
  'storage/sqlite/queue/slot-schedule': [
    'scheduler/pacing/send-latency',
    'scheduler/pacing/latency-estimator',
    'scheduler/pacing/precise-sleep',
  ],
  'storage/sqlite/queue/queue.repository': ['scheduler/queue/fair-share'],
  'storage/sqlite/queue/pending-ids': ['scheduler/queue/fair-share', 'scheduler/queue/dispatch-order'],
  'storage/sqlite/queue/commit-claim': ['scheduler/queue/dispatch-order'],
  'storage/postgres/queue/slot-schedule': [
    'scheduler/pacing/send-latency',
    'scheduler/pacing/latency-estimator',
  ],
  'storage/postgres/queue/send-coordinator': ['scheduler/pacing/precise-sleep'],
  'storage/postgres/queue/queue-head': ['scheduler/queue/dispatch-order'],
  'storage/postgres/queue/pending-ids': ['scheduler/queue/fair-share'],
  'storage/postgres/queue/fair-share-cursor': ['scheduler/queue/fair-share'],
  'storage/postgres/queue/commit-claim': ['scheduler/queue/dispatch-order'],
  'storage/postgres/queue/claim': ['scheduler/queue/fair-share', 'scheduler/queue/dispatch-order'],
};

/** Ends the run if an exception names an import that the file no longer has. */
for (const [file, imports] of Object.entries(EXCEPTIONS)) {
  const path = join(import.meta.dirname, `src/${file}.ts`);
  const source = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const unneeded = imports.filter((imported) => !source.includes(`/${imported}.js'`));
  if (unneeded.length > 0) {
    throw new Error(
      `EXCEPTIONS of .dependency-cruiser.js: src/${file}.ts no longer imports ${unneeded.join(', ')}`,
    );
  }
}

const escaped = (path) => `src/${path.replaceAll('.', '\\.')}\\.ts$`;

/** A rule from `path` on, save for specs, to what matches `to`; for a file with exceptions these are allowed too. */
function rule(name, path, to, { pathNot = [], comment } = {}) {
  const excepted = Object.entries(EXCEPTIONS).filter(([file]) => new RegExp(path).test(`src/${file}.ts`));
  const common = { name, severity: 'error', ...(comment && { comment }) };
  const files = excepted.map(([file]) => `^${escaped(file)}`);
  return [
    { ...common, from: { path, pathNot: [SPECS, ...pathNot, ...files] }, to },
    ...excepted.map(([file, imports]) => ({
      ...common,
      from: { path: path.replace('^', `^(?=${escaped(file)})`), pathNot },
      to: { ...to, pathNot: [...(to.pathNot ?? []), ...imports.map((path) => `^${escaped(path)}`)] },
    })),
  ];
}

const doors = Object.entries(DOORS).flatMap(([room, allowed]) =>
  rule(`doors-of-${room}`, `^src/${room}/`, {
    path: '^src/',
    pathNot: [`^src/(${[room, ...allowed].join('|')})/`],
  }),
);

/** Modules put the folders of their room together. */
const floors = Object.entries(FLOORS).flatMap(([room, folders]) => [
  ...folders.flatMap((floor, i) =>
    rule(
      `floors-of-${room.replace('/', '-')}`,
      `^src/${room}/(${floor})/`,
      { path: `^src/${room}/(${folders.slice(i).join('|')})/`, pathNot: [`^src/${room}/$1/`] },
      { pathNot: [MODULES] },
    ),
  ),
  ...rule(
    'floors-name-every-folder',
    `^src/${room}/[^/]+/`,
    {},
    { pathNot: [`^src/${room}/(${folders.join('|')})/`] },
  ),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^src/platform/openapi/pages/', '\\.d\\.ts$', SPECS] },
      to: {},
    },
    ...rule('no-other-rooms', '^src/', {}, { pathNot: [ROOT, `^src/(${ROOMS.join('|')})/`] }),
    ...doors,
    ...floors,
    ...rule(
      'doors-of-storage',
      '^src/storage/',
      { path: '^src/', pathNot: ['^src/(storage|domain)/', '^src/platform/logging/', PORTS] },
      { comment: 'A store knows the domain, the ports that it implements, and logging.' },
    ),
    ...rule(
      'doors-of-clients',
      '^src/clients/',
      { path: '^src/', pathNot: ['^src/clients/', '^src/domain/(exact-json|printable-text)\\.ts$'] },
      { comment: 'Clients talk to a service that may be another version: they know its document alone.' },
    ),
    ...rule(
      'no-http-and-no-sql-inside',
      '^src/(domain|external-api|scheduler|ingestion|webhooks|operations)/',
      {
        path: ['^node:sqlite$', 'node_modules/(express|pg|@nestjs/platform-express)/', '^src/platform/http/'],
      },
      {
        pathNot: ['/dto/', '\\.(controller|middleware|routes)\\.ts$', MODULES],
        comment: 'Only controllers and their like know how requests arrive; only storage knows SQL.',
      },
    ),
    ...rule('src-stands-alone', '^src/', { path: '^(test|bench|scripts)/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
