import { describe, expect, it } from '@jest/globals';
import { DatabaseUrlError, parseDatabaseUrl } from './database-url.js';

const SECRET = 'sec,ret%40';

describe('DATABASE_URL', () => {
  it.each([
    ['one host', 'postgres://u@h1/db', ['postgres://u@h1/db'], false],
    ['a socket', 'postgres:///db?host=/run', ['postgres:///db?host=/run'], false],
    [
      'several hosts, each with its port',
      `postgres://u:${SECRET}@h1:5433,h2,[::1]:5434/db?sslmode=disable`,
      [
        `postgres://u:${SECRET}@h1:5433/db?sslmode=disable`,
        `postgres://u:${SECRET}@h2/db?sslmode=disable`,
        `postgres://u:${SECRET}@[::1]:5434/db?sslmode=disable`,
      ],
      true,
    ],
    [
      'several hosts of which any will do',
      'postgresql://h1,h2/db?target_session_attrs=any',
      ['postgresql://h1/db?target_session_attrs=any', 'postgresql://h2/db?target_session_attrs=any'],
      false,
    ],
    [
      'hosts and ports named by parameters',
      'postgres://u@/db?host=h1,h2&port=5433,',
      ['postgres://u@localhost/db?host=h1&port=5433', 'postgres://u@localhost/db?host=h2&port=5432'],
      true,
    ],
    [
      'hosts named by parameters with one port for all',
      'postgres:///db?host=h1,h2&port=6000&target_session_attrs=primary',
      [
        'postgres:///db?host=h1&port=6000&target_session_attrs=primary',
        'postgres:///db?host=h2&port=6000&target_session_attrs=primary',
      ],
      true,
    ],
  ])('names %s', (_, text, urls, onlyWritable) => {
    const servers = parseDatabaseUrl(text);
    expect(servers.urls.map(({ href }) => href)).toEqual(urls.map((url) => new URL(url).href));
    expect(servers.onlyWritable).toBe(onlyWritable);
  });

  it.each([
    ['another scheme', 'mysql://u:secret@h/db', 'must begin with postgres:// or postgresql://'],
    ['an empty host', 'postgres://u:secret@h1,,h2/db', 'names no host in place 2 of 3'],
    ['a port that is none', 'postgres://u:secret@h1:5432,h2:x/db', 'is not a URL: a port must be a number'],
    ['a password with a slash', 'postgres://u:secret/more@h1/db', 'is not a URL: a port must be a number'],
    ['hosts twice', 'postgres://u:secret@h1,h2/db?host=h3,h4', 'names its hosts twice'],
    ['too few ports', 'postgres://u:secret@/db?host=a,b,c&port=1,2', 'names 3 hosts and 2 ports'],
    [
      'a port that is none',
      'postgres://u:secret@/db?host=a,b&port=1,x',
      'names no usable host or port in place 2',
    ],
    [
      'a wish for a standby',
      'postgres://u:secret@h1,h2/db?target_session_attrs=standby',
      'must have target_session_attrs read-write, primary or any: Sluice writes',
    ],
  ])('is refused with %s, and nothing of it is repeated', (_, text, message) => {
    let told: unknown;
    try {
      parseDatabaseUrl(text);
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(DatabaseUrlError);
    expect(String(told)).toContain(message);
    expect(String(told)).not.toContain('secret');
  });
});
