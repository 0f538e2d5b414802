import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The range of public IPv6 addresses (RFC 4291, section 2.4). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** IPv6 forms with an IPv4 address in their last 32 bits, which is the real address of the host. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
/** An address in a public range that is the metadata agent of the host in a large cloud. */
const METADATA = ipaddr.parse('168.63.129.16');

/**
 * Tells whether an IP address belongs to a host of the public internet, and not to this machine, its networks
 * or its cloud.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) {
    return false;
  }
  const address = unwrapEmbeddedIpv4(ipaddr.parse(text));
  if (address.range() !== 'unicast' || isSame(address, METADATA)) {
    return false;
  }
  return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST);
}

/** Returns the IPv4 address inside an IPv4-mapped or NAT64 form; any other address unchanged. */
export function unwrapEmbeddedIpv4(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) {
    return address;
  }
  if (address.isIPv4MappedAddress()) {
    return address.toIPv4Address();
  }
  return isWithin(address, NAT64) ? new ipaddr.IPv4(address.toByteArray().slice(-4)) : address;
}

export function isWithin(address: Address, [network, bits]: readonly [Address, number]): boolean {
  if (address instanceof ipaddr.IPv4) {
    return network instanceof ipaddr.IPv4 && address.match(network, bits);
  }
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

function isSame(one: Address, other: Address): boolean {
  return one.toNormalizedString() === other.toNormalizedString();
}
