import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '../config/config-error.js';
import { Configuration } from '../config/configuration.js';
import { SECOND_MS } from '../config/units.js';
import { isAllowedHostsEntry } from './allowed-hosts.js';

const NAMED_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MAX_HOPS = 32;

/** Options of the HTTP server. */
@Injectable()
export class HttpServerOptions {
  readonly port: number;
  readonly host: string;
  /** The path that a reverse proxy takes off; empty without one. */
  readonly publicPath: string;
  /** The maximum size of a JSON body, in the format of body-parser: `4mb`. */
  readonly bodyLimit: string;
  /** Origins whose pages may read responses; `*` allows any. */
  readonly corsOrigins: readonly string[];
  /** Names of this service besides single-label names and addresses, in lower case; `*` allows any. */
  readonly allowedHosts: readonly string[];
  /** The trusted proxies in the format of Express: their number or addresses; false trusts none. */
  readonly trustProxy: number | readonly string[] | false;
  /** The maximum time until the headers of a request are complete. */
  readonly headersTimeoutMs: number;
  /** A body must make progress within this time. */
  readonly idleTimeoutMs: number;
  /** A client must read some of its response within this time. */
  readonly readTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;

  /** @throws ConfigError if the origins, the hosts or the proxies cannot be parsed. */
  constructor({ variables }: Configuration) {
    this.port = variables.PORT;
    this.host = variables.HOST;
    this.publicPath = variables.PUBLIC_PATH;
    this.bodyLimit = variables.BODY_LIMIT;
    this.corsOrigins = toList(variables.CORS_ORIGINS).map(checkOrigin);
    this.allowedHosts = toList(variables.ALLOWED_HOSTS).map(checkHost);
    this.trustProxy = toTrustProxy(toList(variables.TRUST_PROXY));
    this.headersTimeoutMs = variables.REQUEST_HEADERS_TIMEOUT * SECOND_MS;
    this.idleTimeoutMs = variables.REQUEST_IDLE_TIMEOUT * SECOND_MS;
    this.readTimeoutMs = variables.RESPONSE_IDLE_TIMEOUT * SECOND_MS;
    this.keepAliveTimeoutMs = variables.KEEP_ALIVE_TIMEOUT * SECOND_MS;
    this.maxConnections = variables.MAX_CONNECTIONS;
  }
}

function toList(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function checkOrigin(origin: string): string {
  if (origin !== '*' && (!URL.canParse(origin) || new URL(origin).origin !== origin)) {
    throw new ConfigError(
      `CORS_ORIGINS must hold origins like https://app.example.com, or *, not "${origin}"`,
    );
  }
  return origin;
}

function checkHost(text: string): string {
  const host = text.toLowerCase();
  if (!isAllowedHostsEntry(host)) {
    throw new ConfigError(
      `ALLOWED_HOSTS must hold names like gate.example.com or *.svc.cluster.local, or *, not "${text}"`,
    );
  }
  return host;
}

function toTrustProxy(parts: readonly string[]): HttpServerOptions['trustProxy'] {
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && first === 'false')) {
    return false;
  }
  if (parts.length === 1 && /^\d+$/.test(first) && Number(first) <= MAX_HOPS) {
    return Number(first);
  }
  const bad = parts.find((part) => !NAMED_NETWORKS.has(part) && !isNetwork(part));
  if (bad !== undefined) {
    throw new ConfigError(
      `TRUST_PROXY must be a number of proxies, or addresses and networks like 10.0.0.0/8, not "${bad}"`,
    );
  }
  return parts;
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(prefix ?? 0) <= (family === 4 ? 32 : 128);
}
