import { BlockList, isIP } from 'node:net';

/** The proxy of the environment, as other programs read it too. */
export interface ProxySettings {
  /** The URL of the proxy for https; undefined if there is none. */
  readonly httpsProxy: string | undefined;
  /** Hosts that are reached without it, with commas between them. */
  readonly noProxy: string | undefined;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Returns the proxy through which a URL is requested; null if it is requested directly. A host of `noProxy` covers its
 * subdomains, and only one port if it names one; `*` covers all. A loopback address is always requested directly.
 */
export function proxyFor(url: string, { httpsProxy, noProxy = '' }: ProxySettings): string | null {
  const { protocol, hostname, port } = new URL(url);
  if (httpsProxy === undefined || protocol !== 'https:' || isLoopback(hostname)) {
    return null;
  }
  const isDirect = noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry.toLowerCase(), hostname, port || '443'));
  return isDirect ? null : httpsProxy;
}

function covers(entry: string, hostname: string, port: string): boolean {
  const [, name = '', onlyPort] = /^\.?(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  const isHost = entry === '*' || hostname === name || hostname.endsWith(`.${name}`);
  return isHost && name !== '' && (onlyPort ?? port) === port;
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version === 0 ? address === 'localhost' : LOOPBACK.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
