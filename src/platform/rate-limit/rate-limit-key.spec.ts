import { describe, expect, it } from '@jest/globals';
import { rateLimitKey } from './rate-limit-key.js';

describe('The key of a rate limit', () => {
  it.each([
    ['192.0.2.7', 'address 192.0.2.7'],
    ['::ffff:192.0.2.7', 'address 192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'address 2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', 'address 2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'address fe80::/64'],
    ['not an address', 'address not an address'],
  ])('is the same for all addresses of one IPv6 network: %s', (ip, key) => {
    expect(rateLimitKey({ ip })).toBe(key);
  });

  it('is that of an empty address if the connection has ended', () => {
    expect(rateLimitKey({ ip: undefined })).toBe('address ');
  });
});
