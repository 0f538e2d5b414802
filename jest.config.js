const swc = (parser, transform) => [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript', ...parser }, transform, target: 'es2023' },
    module: { type: 'es6' },
  },
];

/** @type {import('jest').Config} */
export default {
  testTimeout: 30_000, // a limit for what hangs, not a measure: machines that share their cores are slow at times
  testMatch: [
    '<rootDir>/src/**/*.spec.ts',
    '<rootDir>/web/src/**/*.spec.{ts,tsx}',
    '<rootDir>/test/**/*.{spec,contract,e2e,model}.ts',
  ],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '\\.css$': '<rootDir>/web/src/no-styles.ts',
  },
  transform: {
    '^.+\\.ts$': swc({ decorators: true }, { legacyDecorator: true, decoratorMetadata: true }),
    '^.+\\.tsx$': swc({ tsx: true }, { react: { runtime: 'automatic' } }),
  },
  maxWorkers: 2,
};
