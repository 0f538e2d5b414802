import { describe, expect, it } from '@jest/globals';
import { jsonNamePattern } from './json-name.js';

describe('The pattern of a member name', () => {
  const pattern = new RegExp(`^${jsonNamePattern('jobs_2')}$`);

  it.each(['"jobs_2"', String.raw`"\u006aobs_2"`, String.raw`"\u006Aobs\u005f\u0032"`])(
    'finds %s',
    (text) => {
      expect(JSON.parse(text)).toBe('jobs_2');
      expect(text).toMatch(pattern);
    },
  );

  it.each(['"Jobs_2"', 'jobs_2', '"jobs_2', String.raw`"\u004aobs_2"`, String.raw`"\\u006aobs_2"`])(
    'does not find %s',
    (text) => {
      expect(text).not.toMatch(pattern);
    },
  );
});
