import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PLANTED_BUGS, plantBug } from './planted-bugs.js';

const REPOSITORY = new URL('../../', import.meta.url);

describe('The planted bugs of the simulation', () => {
  it.each(PLANTED_BUGS)('can be planted in the sources of today: $name', (bug) => {
    const source = readFileSync(new URL(bug.file, REPOSITORY), 'utf8');

    expect(plantBug(source, bug)).not.toBe(source);
  });
});
