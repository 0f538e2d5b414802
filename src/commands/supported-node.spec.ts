import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { whyNodeUnsupported } from './supported-node.js';

describe('The check of the version of Node.js', () => {
  it.each(['v24.16.0', 'v24.21.3', 'v26.0.0', 'v26.10.0', 'v28.1.0'])('accepts %s', (version) => {
    expect(whyNodeUnsupported(version)).toBeNull();
  });

  it.each(['v0.10.48', 'v18.20.1', 'v20.20.2', 'v22.20.0', 'v24.15.0', 'v25.9.0'])(
    'refuses %s in one line that names what is needed',
    (version) => {
      const line = `sluice needs Node.js 24.16 or later (LTS), or 26 or later; this is ${version}`;
      expect(whyNodeUnsupported(version)).toBe(line);
    },
  );

  it('accepts what package.json names', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('^24.16.0 || >=26.0.0');
  });
});
