import { types, type ClientConfig } from 'pg';
import { StoreUnusableError } from '../store-errors.js';
import { messageOf } from './postgres-errors.js';
import type { PostgresOptions } from './postgres-options.js';

/** How long one connection may take to come about. */
const CONNECT_MS = 5000;
const KEEP_ALIVE_AFTER_MS = 10_000;

/**
 * How to connect. `sslmode` means what PostgreSQL's own clients mean by it. Nothing here needs a setting of the
 * session, so that a pooler may stand between.
 * @throws StoreUnusableError where the URL is none.
 */
export function connectionConfig({ url }: PostgresOptions): ClientConfig {
  const parsed = parseUrl(url);
  if (!parsed.searchParams.has('uselibpqcompat')) {
    parsed.searchParams.set('uselibpqcompat', 'true');
  }
  return {
    connectionString: parsed.href,
    fallback_application_name: 'sluice',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    types: { getTypeParser: parserOf },
  };
}

/** For people: where the store is, without user and password. */
export function describeConnection({ url, schema }: PostgresOptions): string {
  const { hostname, port, pathname, searchParams } = parseUrl(url);
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : hostname);
  const database = decodeURIComponent(pathname.slice(1));
  return `PostgreSQL at ${host}:${port === '' ? '5432' : port}/${database}, schema ${schema}`;
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch (error) {
    // The cause would repeat the password.
    throw new StoreUnusableError(`DATABASE_URL is not a URL: ${messageOf(error)}`);
  }
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8: number = types.builtins.INT8;

/** Every bigint of this schema is a number of rows or milliseconds, far below 2^53. */
const parserOf: typeof types.getTypeParser = (oid: number, format?: string) =>
  oid === INT8 && format !== 'binary'
    ? Number
    : (types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown)(oid, format);
