import ipaddr from 'ipaddr.js';
import { ConfigError } from '../config/config-error.js';
import { unwrapEmbeddedIpv4, isWithin } from './public-address.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Hosts and networks that may be reached although they are not public. */
export class HostAllowlist {
  constructor(
    private readonly names: ReadonlySet<string>,
    private readonly networks: readonly Network[],
  ) {}

  /** Parses a comma-separated list of names, addresses and networks; returns null if it is malformed. */
  static parse(text: string): HostAllowlist | null {
    const names = new Set<string>();
    const networks: Network[] = [];
    for (const entry of text.split(',').map((each) => each.trim().toLowerCase())) {
      const network = toNetwork(entry);
      if (network !== null) {
        networks.push(network);
      } else if (HOST_NAME.test(entry) && !/(^|\.)\d+$/.test(entry)) {
        names.add(entry);
      } else if (entry !== '') {
        return null;
      }
    }
    return new HostAllowlist(names, networks);
  }

  hasName(host: string): boolean {
    return this.names.has(host);
  }

  hasAddress(text: string): boolean {
    if (!ipaddr.isValid(text)) {
      return false;
    }
    const given = ipaddr.parse(text);
    const addresses = [given, unwrapEmbeddedIpv4(given)];
    return this.networks.some((network) => addresses.some((address) => isWithin(address, network)));
  }
}

/**
 * Reads the variable `name`, which holds an allowlist.
 * @throws ConfigError if it is malformed
 */
export function readAllowlist(name: string, text: string): HostAllowlist {
  const list = HostAllowlist.parse(text);
  if (list === null) {
    throw new ConfigError(
      `${name} must be names, addresses and networks with commas between them, not "${text}"`,
    );
  }
  return list;
}

function toNetwork(entry: string): Network | null {
  if (ipaddr.isValidCIDR(entry)) {
    return ipaddr.parseCIDR(entry);
  }
  if (ipaddr.IPv6.isValid(entry) || ipaddr.IPv4.isValidFourPartDecimal(entry)) {
    const address = ipaddr.parse(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  return null;
}
