import { describe, expect, it } from '@jest/globals';
import { isAllowedHost } from './allowed-hosts.js';

const ALLOWED = ['gate.example', 'proxy.example:8443', '*.svc.cluster.local'];

describe('A Host header', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8000',
    '192.168.1.20:8000',
    '[::1]:8000',
    '[fe80::1]',
    'localhost:8000',
    'LOCALHOST',
    'app.localhost:3000',
    'sluice',
    'my_compose-service:8000',
    'sluice.',
    'gate.example',
    'gate.example:9999',
    'Gate.Example.:80',
    'proxy.example',
    'sluice.default.svc.cluster.local:8000',
  ])('%s is allowed', (host) => {
    expect(isAllowedHost(host, ALLOWED)).toBe(true);
  });

  it.each([
    'evil.example',
    'evil.example:8000',
    'gate.example.evil.example',
    'evilgate.example',
    'sub.gate.example',
    'svc.cluster.local',
    'evil.example.',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io:8000',
    '0x7f.1',
    '999.1.1.1',
    '[::1',
    '[evil.example]',
    'localhost.evil.example',
    'localhost:8000@evil.example',
    'a/b',
    '.',
    '',
  ])('"%s" is not allowed', (host) => {
    expect(isAllowedHost(host, ALLOWED)).toBe(false);
  });

  it('of any name is allowed by *', () => {
    expect(isAllowedHost('evil.example', ['*'])).toBe(true);
  });
});
