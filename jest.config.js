const swc = (parser, transform) => [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript', ...parser }, transform, target: 'es2023' },
    module: { type: 'es6' },
  },
];

/** Settings that every project shares. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^(?!swagger-ui-dist/).*\\.css$': '<rootDir>/web/src/css.stub.ts',
  },
  transform: {
    '^.+\\.ts$': swc({ decorators: true }, { legacyDecorator: true, decoratorMetadata: true }),
    '^.+\\.tsx$': swc({ tsx: true }, { react: { runtime: 'automatic' } }),
  },
};

/** @type {(name: string, ...testMatch: string[]) => import('jest').Config} */
const project = (displayName, ...testMatch) => ({
  ...shared,
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
});

/** Drops the log of tests that run without a service. */
const quiet = (config) => ({ ...config, setupFiles: ['<rootDir>/test/support/quiet-log.ts'] });

/** Gives the tests one PostgreSQL server in common. */
const onPostgres = (config) => ({ ...config, globalSetup: '<rootDir>/test/support/shared-postgres.ts' });

/** @type {import('jest').Config} */
export default {
  testTimeout: 30_000, // a limit for what hangs, not a measure: machines that share their cores are slow at times
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB', // modules of a file that has ended stay in memory, and make each collection longer
  projects: [
    {
      ...project('unit', 'src/**/*.spec.ts', 'test/simulation/*.spec.ts'),
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/src/storage/postgres/'],
    },
    onPostgres(project('postgres', 'src/storage/postgres/**/*.spec.ts')),
    project('web', 'web/src/**/*.spec.{ts,tsx}'),
    onPostgres(quiet(project('contract', 'test/contract/**/*.contract.ts'))),
    onPostgres(project('e2e', 'test/e2e/**/*.e2e.ts')),
    onPostgres(quiet(project('model', 'test/model/**/*.model.ts'))),
  ],
};
