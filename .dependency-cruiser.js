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
  'external-api': ['json', 'mapping', 'auth', 'http'],
  scheduler: ['rules', 'pacing', 'lanes', 'queue', 'settings', 'dispatch'],
  ingestion: ['estimate|results', 'status', 'dto', 'actions|listing|streaming'],
  webhooks: ['dto'],
  operations: [
    'maintenance',
    'queue-admin',
    'health',
    'metrics',
    'dispatches',
    'audit|backup|dashboard|dead-letters|lanes|live|retention|statistics|tracing',
    'bulk-actions',
  ],
  clients: ['typescript', 'cli'],
  storage: ['shared', 'sqlite|postgres', 'copy'],
  'storage/sqlite': [
    'migrations',
    'database',
    'audit',
    'queue',
    'ingestion|results|bulk-actions|dead-letters|dispatches|statistics|webhooks|rate-limit|settings',
    'maintenance',
  ],
  'storage/postgres': [
    'migrations',
    'database',
    'audit',
    'queue',
    'ingestion|results|bulk-actions|dead-letters|dispatches|statistics|webhooks|rate-limit|settings',
    'maintenance',
  ],
};

const ROOT = '^src/((main|index|testing)\\.ts$|app\\.[a-z.]*module\\.ts$|commands/|embedding/)';
const SPECS = '\\.spec\\.ts$';
const MODULES = '\\.module\\.ts$';
/** The ports that a store implements stand in these files of the other rooms. */
const PORTS = `^src/(${Object.keys(DOORS).join('|')})/.+\\.(repository|store)\\.ts$`;

/** A rule from `path` on, save for specs, to what matches `to`. */
function rule(name, path, to, { pathNot = [], comment } = {}) {
  return {
    name,
    severity: 'error',
    ...(comment && { comment }),
    from: { path, pathNot: [SPECS, ...pathNot] },
    to,
  };
}

const doors = Object.entries(DOORS).map(([room, allowed]) =>
  rule(`doors-of-${room}`, `^src/${room}/`, {
    path: '^src/',
    pathNot: [`^src/(${[room, ...allowed].join('|')})/`],
  }),
);

/** Modules put the folders of their room together. */
const floors = Object.entries(FLOORS).flatMap(([room, folders]) => [
  ...folders.map((floor, i) =>
    rule(
      `floors-of-${room.replace('/', '-')}`,
      `^src/${room}/(${floor})/`,
      { path: `^src/${room}/(${folders.slice(i).join('|')})/`, pathNot: [`^src/${room}/$1/`] },
      { pathNot: [MODULES] },
    ),
  ),
  rule(
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
    rule('no-other-rooms', '^src/', {}, { pathNot: [ROOT, `^src/(${ROOMS.join('|')})/`] }),
    ...doors,
    ...floors,
    rule(
      'doors-of-storage',
      '^src/storage/',
      { path: '^src/', pathNot: ['^src/(storage|domain)/', '^src/platform/logging/', PORTS] },
      { comment: 'A store knows the domain, the ports that it implements, and logging.' },
    ),
    rule(
      'doors-of-clients',
      '^src/clients/',
      { path: '^src/', pathNot: ['^src/clients/', '^src/domain/(exact-json|printable-text)\\.ts$'] },
      { comment: 'Clients talk to a service that may be another version: they know its document alone.' },
    ),
    rule(
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
    rule('src-stands-alone', '^src/', { path: '^(test|bench|scripts)/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
