const PARTS = /^(postgres(?:ql)?:\/\/)(?:([^/?#]*)@)?([^/?#@]*)(.*)$/s;
/** Values of `target_session_attrs` that require a writable server. Sluice needs one to work. */
const WRITABLE_ATTRS: ReadonlySet<string> = new Set(['read-write', 'primary']);

/** The modes of libpq, and `no-verify` of the driver. */
const SSL_MODES: ReadonlySet<string> = new Set([
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
  'no-verify',
]);

/** `DATABASE_URL` cannot be parsed. The message contains no part of it that may be secret. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

export interface DatabaseServers {
  /** One URL per host, in the order in which they are tried. */
  readonly urls: readonly [URL, ...URL[]];
  /** True if a read-only server is skipped. */
  readonly onlyWritable: boolean;
}

/**
 * Parses a URL like libpq, with one or several hosts:
 * `postgres://user:password@host1:5432,host2:5433/database`, or `?host=host1,host2&port=5432,5433`
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS).
 * @throws DatabaseUrlError
 */
export function parseDatabaseUrl(text: string): DatabaseServers {
  const [, scheme = '', login, authority = '', rest = ''] = PARTS.exec(text) ?? [];
  if (scheme === '') {
    throw new DatabaseUrlError('must begin with postgres:// or postgresql://');
  }
  const named = authority.split(',').map((host, i, { length }) => {
    if (host === '' && length > 1) {
      throw new DatabaseUrlError(`names no host in place ${String(i + 1)} of ${String(length)}`);
    }
    const server = login === undefined ? host : `${login}@${host === '' ? 'localhost' : host}`;
    return toUrl(`${scheme}${server}${rest}`);
  });
  const urls = named.flatMap((url) => expandParameters(url, named.length));
  const [first, ...others] = urls;
  const sslMode = first?.searchParams.get('sslmode') ?? 'prefer';
  if (!SSL_MODES.has(sslMode)) {
    throw new DatabaseUrlError(`must have an sslmode of ${[...SSL_MODES].join(', ')}`);
  }
  if (first === undefined) {
    throw new DatabaseUrlError('names no host');
  }
  return { urls: [first, ...others], onlyWritable: urls.length > 1 && requiresWritable(first) };
}

function toUrl(text: string): URL {
  try {
    const url = new URL(text);
    [url.username, url.password, url.pathname].forEach(decodeURIComponent);
    return url;
  } catch {
    // The message contains neither the cause nor any part of the text: a password with a / in it looks like a
    // host.
    throw new DatabaseUrlError(
      'is not a URL: a port must be a number, and a special character in a password must be percent-encoded',
    );
  }
}

/** Expands the parameters `host` and `port` to one URL per host. */
function expandParameters(url: URL, named: number): URL[] {
  const hosts = url.searchParams.get('host')?.split(',') ?? [];
  if (hosts.length < 2) {
    return [url];
  }
  const ports = url.searchParams.get('port')?.split(',') ?? [url.port];
  if (named > 1) {
    throw new DatabaseUrlError('names its hosts twice');
  }
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw new DatabaseUrlError(`names ${String(hosts.length)} hosts and ${String(ports.length)} ports`);
  }
  return hosts.map((host, i) => {
    const port = ports[i] ?? ports[0] ?? '';
    if (host === '' || !/^\d*$/.test(port)) {
      throw new DatabaseUrlError(`names no usable host or port in place ${String(i + 1)}`);
    }
    const one = new URL(url);
    one.searchParams.set('host', host);
    one.searchParams.set('port', port === '' ? '5432' : port);
    return one;
  });
}

function requiresWritable(url: URL): boolean {
  const attrs = url.searchParams.get('target_session_attrs') ?? 'read-write';
  if (attrs !== 'any' && !WRITABLE_ATTRS.has(attrs)) {
    throw new DatabaseUrlError('must have target_session_attrs read-write, primary or any: Sluice writes');
  }
  return attrs !== 'any';
}
