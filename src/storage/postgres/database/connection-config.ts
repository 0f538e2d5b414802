import { types, type ClientConfig } from 'pg';
import type { PostgresOptions } from './postgres.options.js';

/** Time limit for opening a connection, and for waiting for one of the pool. */
export const CONNECT_MS = 5000;
/** The same limit if the URL names further servers to try. */
const CONNECT_OF_SEVERAL_MS = 2000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * Builds the connection settings for each server, in the order of trying. `sslmode` has the meaning of PostgreSQL's own
 * clients. No setting needs the session, so a connection pooler works.
 */
export function connectionConfigs({ servers }: PostgresOptions): [ClientConfig, ...ClientConfig[]] {
  const { urls } = servers;
  const [first, ...others] = urls;
  const timeoutMs = urls.length > 1 ? CONNECT_OF_SEVERAL_MS : CONNECT_MS;
  return [toConfig(first, timeoutMs), ...others.map((other) => toConfig(other, timeoutMs))];
}

/** Describes the store's location for people, without user and password. */
export function describeConnection({ servers, schema }: PostgresOptions): string {
  const { urls } = servers;
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

/** https://www.postgresql.org/docs/current/catalog-pg-type.html */
const INT8: number = types.builtins.INT8;

/** Parses bigint as a number: every bigint of this schema counts rows or milliseconds, far below 2^53. */
const parserFor: typeof types.getTypeParser = (oid: number, format?: string) =>
  oid === INT8 && format !== 'binary'
    ? Number
    : (types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown)(oid, format);
