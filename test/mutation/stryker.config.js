import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { toPart } from './parts.ts';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: toPart(env.MUTATION_PART).mutate,
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  // Stryker would ask Jest for all tests that import the file: also those that other parts name.
  jest: { configFile: 'test/mutation/jest.config.js', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  dryRunTimeoutMinutes: 30,
  ignorePatterns: ['bench', 'bundle', 'data', 'dist', 'examples', 'web'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: {
    allowColor: false,
    allowEmojis: false,
    logTests: false,
    reportTests: false,
    reportScoreTable: false,
  },
  jsonReporter: { fileName: `test/mutation/reports/${env.MUTATION_PART}.json` },
  tempDirName: join(tmpdir(), 'sluice-mutation'),
};
