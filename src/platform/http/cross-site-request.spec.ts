import { describe, expect, it } from '@jest/globals';
import { isCrossSiteRequest } from './cross-site-request.js';

const HOST = 'gate.example:8000';
const ALLOWED = ['https://shop.example'];

describe('A request', () => {
  it.each([
    ['of a program', {}],
    ['of a page of this service', { 'sec-fetch-site': 'same-origin', origin: `http://${HOST}` }],
    ['that a person typed', { 'sec-fetch-site': 'none' }],
    ['of an older browser on a page of this service', { origin: `http://${HOST}` }],
    ['of the same behind a proxy with TLS', { origin: `https://${HOST}` }],
    ['of a page that CORS allows', { 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' }],
    ['of the same in an older browser', { origin: 'https://shop.example' }],
  ])('%s comes from no foreign page', (_, headers) => {
    expect(isCrossSiteRequest({ host: HOST, ...headers }, ALLOWED)).toBe(false);
  });

  it.each([
    ['of a page elsewhere', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['of a page on a neighbour host', { 'sec-fetch-site': 'same-site', origin: 'http://other.example' }],
    ['of a page on another port', { 'sec-fetch-site': 'same-site', origin: 'http://gate.example:81' }],
    ['of a page elsewhere that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['of a page elsewhere in an older browser', { origin: 'https://evil.example' }],
    ['of a sandboxed page', { origin: 'null' }],
    ['with an origin that is none', { origin: 'gate.example:8000' }],
    ['with an unknown word for its site', { 'sec-fetch-site': 'elsewhere' }],
  ])('%s comes from a foreign page', (_, headers) => {
    expect(isCrossSiteRequest({ host: HOST, ...headers }, ALLOWED)).toBe(true);
  });

  it.each([
    ['http://gate.example', ['gate.example']],
    ['https://gate.example:8443', ['gate.example:8443']],
  ])('of the page %s behind a proxy that changes Host comes from no foreign page', (origin, ownHosts) => {
    expect(isCrossSiteRequest({ host: 'sluice:8000', origin }, [], ownHosts)).toBe(false);
  });

  it.each([
    { origin: 'http://gate.example:81' },
    { origin: 'http://gate.example', 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example' },
  ])('with %j comes from a foreign page behind such a proxy', (headers) => {
    expect(isCrossSiteRequest({ host: 'sluice:8000', ...headers }, [], ['gate.example'])).toBe(true);
  });

  it('of any page comes from no foreign one where CORS allows all', () => {
    const headers = { host: HOST, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect(isCrossSiteRequest(headers, ['*'])).toBe(false);
  });
});
