const ADAPTERS = '^src/storage/(sqlite|postgres)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^src/(main|migrate-store)\\.ts$', '^src/openapi/pages/', '\\.d\\.ts$', '\\.spec\\.ts$'],
      },
      to: {},
    },
    {
      name: 'adapters-only-behind-ports',
      comment: 'Only the storage module knows which store stands behind the ports; moving knows both.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [ADAPTERS, '^src/storage/(storage\\.module\\.ts$|move/)', '\\.spec\\.ts$'],
      },
      to: { path: ADAPTERS },
    },
    {
      name: 'domain-knows-no-storage',
      comment: 'The domain owns its ports; storage/ implements them, never the other way round.',
      severity: 'error',
      from: { path: '^src/(ingestion|scheduler|external-api)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/storage/' },
    },
    {
      name: 'adapters-apart',
      severity: 'error',
      from: { path: '^src/storage/(sqlite|postgres)/' },
      to: { path: ADAPTERS, pathNot: '^src/storage/$1/' },
    },
    {
      name: 'domain-knows-no-http-and-no-sql',
      severity: 'error',
      from: {
        path: '^src/(ingestion|scheduler|dead-letters|queue|gate|history|retention|external-api)/',
        pathNot: ['/dto/', '\\.(controller|middleware|module)\\.ts$', '\\.spec\\.ts$'],
      },
      to: {
        path: [
          '^node:sqlite$',
          'node_modules/(express|pg|@nestjs/platform-express)/',
          '^src/http/(?!request-context\\.ts$)',
        ],
      },
    },
    {
      name: 'clients-know-the-document-alone',
      comment: 'They talk to a service that may be another version. Keys are made in a file, without one.',
      severity: 'error',
      from: { path: '^src/(client|cli)/' },
      to: { path: '^src/', pathNot: ['^src/(client|cli)/', '^src/security/keys-command\\.ts$'] },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
