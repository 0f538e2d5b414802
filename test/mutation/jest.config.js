import { env } from 'node:process';
import config from '../../jest.config.js';
import { toPart } from './parts.ts';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/** Runs the specs of one part, with the settings of all unit tests. */
export default {
  ...unit,
  rootDir: '../..',
  testTimeout: config.testTimeout,
  testMatch: toPart(env.MUTATION_PART).specs.map((pattern) => `<rootDir>/${pattern}`),
};
