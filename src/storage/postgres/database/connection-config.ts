import { types, type ClientConfig } from 'pg';
import { StoreOpenError } from '../../../domain/store-errors.js';
import { parseDatabaseUrl, type DatabaseServers } from '../../../platform/config/database-url.js';
import { messageOf } from './postgres-errors.js';
import type { PostgresOptions } from './postgres.options.js';

/** How long one connection may take to come about, and how long one may be waited for. */
export const CONNECT_MS = 5000;
/** The same where another server may be tried. */
const CONNECT_OF_SEVERAL_MS = 2000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * How to connect to each server of the URL, in the order in which they are tried. `sslmode` means what PostgreSQL's own
 * clients mean by it. Nothing here needs a setting of the session, so that a pooler may stand between.
 * @throws StoreOpenError where the URL is none.
 */
export function connectionConfigs({ url }: PostgresOptions): [ClientConfig, ...ClientConfig[]] {
  const { urls } = toServers(url);
  const [first, ...others] = urls;
  const timeoutMs = urls.length > 1 ? CONNECT_OF_SEVERAL_MS : CONNECT_MS;
  return [toConfig(first, timeoutMs), ...others.map((other) => toConfig(other, timeoutMs))];
}

/** Returns whether the URL asks for a server that takes writes; with one server it is taken as it is. */
export function isOnlyWritable({ url }: PostgresOptions): boolean {
  return toServers(url).onlyWritable;
}

/** For people: where the store is, without user and password. */
export function describeConnection({ url, schema }: PostgresOptions): string {
  const { urls } = toServers(url);
  const database = decodeURIComponent(urls[0].pathname.slice(1));
  return `PostgreSQL at ${urls.map(describeHost).join(',')}/${database}, schema ${schema}`;
}

function describeHost({ hostname, port, searchParams }: URL): string {
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : hostname);
  const [ofParameter, ofUrl] = [searchParams.get('port') ?? '', port];
  return `${host}:${[ofParameter, ofUrl, '5432'].find((given) => given !== '') ?? ''}`;
}

function toConfig(url: URL, timeoutMs: number): ClientConfig {
  const given = new URL(url);
  if (!given.searchParams.has('uselibpqcompat')) {
    given.searchParams.set('uselibpqcompat', 'true');
  }
  return {
    connectionString: given.href,
    fallback_application_name: 'sluice',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    types: { getTypeParser: parserFor },
  };
}

function toServers(url: string): DatabaseServers {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    throw new StoreOpenError(`DATABASE_URL ${messageOf(error)}`);
  }
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8: number = types.builtins.INT8;

/** Every bigint of this schema is a number of rows or milliseconds, far below 2^53. */
const parserFor: typeof types.getTypeParser = (oid: number, format?: string) =>
  oid === INT8 && format !== 'binary'
    ? Number
    : (types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown)(oid, format);
