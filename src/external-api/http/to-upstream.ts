import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { DEFAULT_LANE } from '../../domain/lane.js';
import type { UpstreamMapping } from '../mapping/upstream-mapping.js';
import { proxyFor } from '../proxy-for.js';
import {
  hasRequestBody,
  ID_PLACEHOLDER,
  isPerId,
  type UpstreamMethod,
  type UpstreamOptions,
} from './upstream.options.js';
import { readClientIdentity } from '../auth/client-certificate.js';
import { toOAuth } from '../auth/oauth.options.js';
import { parseRateLimitNames, type RateLimitNames } from './rate-limit-names.js';
import { ConfigError } from '../../platform/config/config-error.js';
import { toBytes } from '../../platform/config/units.js';
import type { Variables } from '../../platform/config/variables.js';

/** Headers that each request sets itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
]);

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads the mapping of a lane, see `read-mapping.ts`, which is loaded only if a lane has one. */
export type ReadMapping = (variables: Variables, url: string, lane: string) => UpstreamMapping;

/** Tells whether the settings hold a mapping. */
export function hasMapping({ EXTERNAL_API_REQUEST, EXTERNAL_API_ANSWER }: Variables): boolean {
  return EXTERNAL_API_REQUEST !== undefined || EXTERNAL_API_ANSWER !== undefined;
}

/**
 * Builds the options of the upstream of a lane; undefined if none is configured.
 * @throws ConfigError
 */
export function toUpstream(
  variables: Variables,
  lane: string = DEFAULT_LANE,
  readMapping: ReadMapping | null = null,
): UpstreamOptions | undefined {
  const { EXTERNAL_API_URL, EXTERNAL_API_METHOD, EXTERNAL_API_TOKEN_FILE } = variables;
  if (EXTERNAL_API_URL === undefined) {
    if (hasMapping(variables)) {
      const name =
        variables.EXTERNAL_API_REQUEST === undefined ? 'EXTERNAL_API_ANSWER' : 'EXTERNAL_API_REQUEST';
      throw new ConfigError(`${name} needs EXTERNAL_API_URL`);
    }
    return undefined;
  }
  const { url, authorization } = toUrl(EXTERNAL_API_URL);
  const mapping = hasMapping(variables) ? loaded(readMapping)(variables, url, lane) : undefined;
  const request = mapping?.request ?? null;
  const method = EXTERNAL_API_METHOD ?? defaultMethod(url, request);
  if (request !== null && request.hasBody && !hasRequestBody(method)) {
    throw new ConfigError(`EXTERNAL_API_METHOD (${method}) carries no body, which EXTERNAL_API_REQUEST has`);
  }
  if (request === null && !isPerId(url) && !hasRequestBody(method)) {
    throw new ConfigError(
      `EXTERNAL_API_METHOD (${method}) carries no list of ids: EXTERNAL_API_URL needs ${ID_PLACEHOLDER}`,
    );
  }
  const oauth = toOAuth(variables);
  const hasToken = EXTERNAL_API_TOKEN_FILE !== undefined || oauth !== undefined;
  const headers = { ...authorization, ...toHeaders(variables.EXTERNAL_API_HEADERS) };
  if (headers['authorization'] !== undefined && EXTERNAL_API_TOKEN_FILE !== undefined) {
    throw new ConfigError('EXTERNAL_API_TOKEN_FILE is not the only one to set Authorization');
  }
  if (
    oauth !== undefined &&
    (headers['authorization'] !== undefined || EXTERNAL_API_TOKEN_FILE !== undefined)
  ) {
    throw new ConfigError('EXTERNAL_API_OAUTH_TOKEN_URL is not the only one to set Authorization');
  }
  const taken = request?.headers.find(
    ({ name }) => OWN_HEADERS.has(name) || name in headers || (name === 'authorization' && hasToken),
  );
  if (taken !== undefined) {
    throw new ConfigError(`EXTERNAL_API_REQUEST: headers: ${taken.name} is set already`, {
      path: ['headers'],
    });
  }
  return {
    url,
    method,
    headers,
    tokenFile: EXTERNAL_API_TOKEN_FILE ?? null,
    ca: toCertificates(variables.EXTERNAL_API_CA_FILE),
    maxResponseBytes: toBytes(variables.EXTERNAL_API_MAX_ANSWER),
    rateLimitNames: toRateLimitNames(variables.RATE_LIMIT_HEADERS),
    ...(oauth !== undefined && { oauth }),
    ...toClientCertificate(variables, url),
    ...toProxy(variables, url),
    ...(mapping !== undefined && { mapping }),
  };
}

function loaded(readMapping: ReadMapping | null): ReadMapping {
  if (readMapping === null) {
    throw new Error('the code of mappings is not loaded');
  }
  return readMapping;
}

function defaultMethod(url: string, request: UpstreamMapping['request']): UpstreamMethod {
  const hasBody = request === null ? !isPerId(url) : request.hasBody;
  return hasBody ? 'POST' : 'GET';
}

function toRateLimitNames(setting: string): RateLimitNames {
  const names = parseRateLimitNames(setting);
  if (names === null) {
    throw new ConfigError(
      'RATE_LIMIT_HEADERS must be off, or a list of "standard" and pairs such as X-Left/X-Reset with commas between them',
    );
  }
  return names;
}

/** Moves a user in the URL into the `Authorization` header, as HTTP requires. */
function toUrl(given: string): { url: string; authorization: Record<string, string> } {
  const url = new URL(given);
  if (url.host.includes('{') || url.host.toLowerCase().includes('%7b')) {
    throw new ConfigError(`EXTERNAL_API_URL may have ${ID_PLACEHOLDER} in its path or query only`);
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: url.href.replaceAll(/%7Bid%7D/gi, ID_PLACEHOLDER),
    authorization:
      username === '' && password === ''
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  };
}

function toHeaders(given: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseObject(given ?? '{}'))) {
    const lower = name.toLowerCase();
    if (typeof value !== 'string') {
      throw new ConfigError(`EXTERNAL_API_HEADERS: ${name} must be a string`);
    }
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new ConfigError(
        `EXTERNAL_API_HEADERS: ${JSON.stringify(name)} is no header, or its value is not valid`,
      );
    }
    if (OWN_HEADERS.has(lower) || lower in headers) {
      throw new ConfigError(`EXTERNAL_API_HEADERS: ${name} is set already`);
    }
    headers[lower] = value;
  }
  return headers;
}

function parseObject(json: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    parsed = null; // the error would contain a part of it
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError('EXTERNAL_API_HEADERS must be a JSON object of names and values');
  }
  return parsed as Record<string, unknown>;
}

function toProxy({ HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy }: Variables, url: string): { proxy?: string } {
  const proxy = proxyFor(url, { httpsProxy, noProxy });
  if (proxy?.startsWith('https:') === true) {
    throw new ConfigError('HTTPS_PROXY must begin with http://: the way to the proxy is not encrypted');
  }
  return proxy === null ? {} : { proxy };
}

function toClientCertificate(
  { EXTERNAL_API_CLIENT_CERT_FILE: certFile, EXTERNAL_API_CLIENT_KEY_FILE: keyFile }: Variables,
  url: string,
): Pick<UpstreamOptions, 'clientCertificate'> {
  if (certFile === undefined && keyFile === undefined) {
    return {};
  }
  if (certFile === undefined || keyFile === undefined) {
    throw new ConfigError('EXTERNAL_API_CLIENT_CERT_FILE and EXTERNAL_API_CLIENT_KEY_FILE need each other');
  }
  if (!url.startsWith('https:')) {
    throw new ConfigError('EXTERNAL_API_CLIENT_CERT_FILE needs an EXTERNAL_API_URL with https');
  }
  const clientCertificate = { certFile, keyFile };
  try {
    readClientIdentity(clientCertificate);
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`EXTERNAL_API_CLIENT_CERT_FILE cannot be used: ${message}`, { cause: error });
  }
  return { clientCertificate };
}

function toCertificates(path: string | undefined): string | null {
  if (path === undefined) {
    return null;
  }
  try {
    const pem = readFileSync(path, 'utf8');
    const certificates = pem.match(CERTIFICATES) ?? [];
    certificates.forEach((certificate) => new X509Certificate(certificate));
    if (certificates.length === 0) {
      throw new Error('it holds no certificate in PEM form');
    }
    return pem;
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`EXTERNAL_API_CA_FILE cannot be used: ${message}`, { cause: error });
  }
}
