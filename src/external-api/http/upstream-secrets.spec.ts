import { describe, expect, it } from '@jest/globals';
import { NO_RATE_LIMIT_NAMES } from './rate-limit-names.js';
import { redactJson, redactText } from './echo-redactor.ts';
import type { UpstreamOptions } from './upstream.options.js';
import { toEchoPatterns } from './upstream-secrets.js';

function upstream(url: string, headers: Readonly<Record<string, string>> = {}): UpstreamOptions {
  return {
    url,
    method: 'POST',
    headers,
    tokenFile: null,
    ca: null,
    maxResponseBytes: 1000,
    rateLimitNames: NO_RATE_LIMIT_NAMES,
  };
}

const REDACTED = '[redacted]';
const URL_ALONE = 'https://api.example.com/process';

describe('The secrets of an upstream are found in its answers', () => {
  const { data, messages } = toEchoPatterns(
    upstream(`${URL_ALONE}?sig=ab%2Bcd%20ef&page=overview&day=2026-11-24`, {
      authorization: `Basic ${Buffer.from('user:pass w0rd').toString('base64')}`,
      cookie: 'session=abc123def; theme=dark',
      'x-tenant': 'tenant-of-billing',
      'x-account': '4711',
      'api-version': '2026-11-24.preview',
      'x-secret-number': '12345678',
    }),
    'token.of-the/file',
  );

  it.each([
    'token.of-the/file',
    'user:pass w0rd',
    'pass w0rd',
    'abc123def',
    'ab+cd ef',
    'ab%2Bcd%20ef',
    'ab%2bcd%20ef',
    'ab%2Bcd+ef',
    '12345678',
  ])('as %s', (echo) => {
    expect(redactText(`<${echo}>`, data)).toBe(`<${REDACTED}>`);
    expect(redactText(`<${echo}>`, messages)).toBe(`<${REDACTED}>`);
  });

  it.each([0, 1, 2, 3, 4])('in base64 of a text, %d bytes before its end and start', (others) => {
    const around = 'x'.repeat(others);
    for (const alphabet of ['base64', 'base64url'] as const) {
      const echo = Buffer.from(`${around}token.of-the/file${around}`).toString(alphabet);
      const left = redactText(echo, data);
      expect(left).toContain(REDACTED);
      expect(left.length).toBeLessThanOrEqual(REDACTED.length + 8 + 3 * others);
      expect(redactText(encodeURIComponent(echo), data)).toContain(REDACTED);
    }
  });

  it('and what is no secret stays in data, though not in messages', () => {
    const plain = 'overview 2026-11-24 tenant-of-billing 4711 2026-11-24.preview';
    expect(redactText(plain, data)).toBe(plain);
    expect(redactText('overview tenant-of-billing', messages)).toBe(`${REDACTED} ${REDACTED}`);
  });

  it('in JSON, whatever its escapes, and the rest keeps every character', () => {
    const json = String.raw`{"a\u0041":"\u0061bc123def","b":[12345678,12345678.0,112345678],"c":1.0e+2,"\"":"\\"}`;
    expect(redactJson(`[${json},"12345678"]`, data)).toBe(
      String.raw`[{"a\u0041":"[redacted]","b":["[redacted]",12345678.0,112345678],"c":1.0e+2,"\"":"\\"},"[redacted]"]`,
    );
  });

  it('and without headers, token and query there is nothing to look for', () => {
    expect(toEchoPatterns(upstream(URL_ALONE), undefined)).toEqual({ data: [], messages: [] });
  });
});
