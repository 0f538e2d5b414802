import { describe, expect, it } from '@jest/globals';
import { proxyFor } from './proxy-for.js';

const PROXY = 'http://proxy.test:3128';

function isDirect(url: string, noProxy?: string): boolean {
  return proxyFor(url, { httpsProxy: PROXY, noProxy }) === null;
}

describe('The proxy of the environment', () => {
  it('is used for https alone, and not for loopback addresses', () => {
    expect(proxyFor('https://api.test/ids', { httpsProxy: PROXY, noProxy: undefined })).toBe(PROXY);
    expect(proxyFor('https://api.test/ids', { httpsProxy: undefined, noProxy: undefined })).toBeNull();
    expect(
      ['http://api.test/', 'https://localhost/', 'https://127.0.0.9:8443/', 'https://[::1]/'].filter(
        (url) => !isDirect(url),
      ),
    ).toEqual([]);
  });

  it.each([
    ['api.test', true],
    ['test', true],
    ['.test', true],
    ['other.test, API.test:443', true],
    ['*', true],
    ['api.test:8443', false],
    ['pi.test', false],
    ['v2.api.test', false],
    ['', false],
  ])('is left out for the hosts of NO_PROXY: %p', (noProxy, expected) => {
    expect(isDirect('https://api.test/ids', noProxy)).toBe(expected);
  });
});
