import { describe, expect, it } from '@jest/globals';
import { GuardedLookup } from './guarded-lookup.js';

describe('A guarded lookup', () => {
  const lookup = (addresses: readonly string[]): ((host: string) => Promise<unknown>) => {
    const hosts = { find: async () => addresses };
    const guarded = new GuardedLookup(hosts, (_host, address) => address.startsWith('93.'));
    return (host) =>
      new Promise((resolve, reject) => {
        guarded.lookup(host, {}, (error, address) => {
          if (error === null) {
            resolve(address);
          } else {
            reject(error);
          }
        });
      });
  };

  it('finds addresses that are allowed', async () => {
    expect(await lookup(['93.1.1.1', '93.1.1.2'])('api.example.com')).toBe('93.1.1.1');
  });

  it('fails where one of the addresses is not allowed', async () => {
    await expect(lookup(['93.1.1.1', '10.0.0.1'])('api.example.com')).rejects.toThrow(
      'api.example.com leads to an address that is not public, and LANE_URL_ALLOW does not name it',
    );
  });
});
