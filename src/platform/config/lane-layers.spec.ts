import { describe, expect, it } from '@jest/globals';
import { SHARED_SETTINGS } from './lane-layers.js';
import { VARIABLE_LIST } from './variables.js';

describe('The settings that all replicas share', () => {
  it('hold no secret, because the store keeps them and the API shows them', () => {
    const secret = new Set(
      VARIABLE_LIST.filter(([, { isSecret }]) => isSecret === true).map(([name]) => name),
    );

    expect(SHARED_SETTINGS.filter(([, variable]) => secret.has(variable))).toEqual([]);
  });
});
