import { isIP } from 'node:net';
import type { EdgeConfig } from '../edge/edge-config.js';
import { ConfigError } from './config.js';
import type { Variables } from './variables.js';

const NAMED_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);
const MOST_HOPS = 32;

/** @throws ConfigError */
export function toEdge(variables: Variables): EdgeConfig {
  return {
    corsOrigins: listOf(variables.CORS_ORIGINS).map(checkOrigin),
    trustProxy: toTrustProxy(listOf(variables.TRUST_PROXY)),
    headersTimeoutMs: variables.REQUEST_HEADERS_TIMEOUT * 1000,
    idleTimeoutMs: variables.REQUEST_IDLE_TIMEOUT * 1000,
    keepAliveTimeoutMs: variables.KEEP_ALIVE_TIMEOUT * 1000,
    maxConnections: variables.MAX_CONNECTIONS,
  };
}

function listOf(text = ''): string[] {
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

function toTrustProxy(parts: readonly string[]): EdgeConfig['trustProxy'] {
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && first === 'false')) {
    return false;
  }
  if (parts.length === 1 && /^\d+$/.test(first) && Number(first) <= MOST_HOPS) {
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
