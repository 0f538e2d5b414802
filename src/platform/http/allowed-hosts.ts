import { isIP } from 'node:net';

const ANY = '*';
/** A name, or `*.` and a name; a port may follow. */
const ENTRY = /^(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?)$/;
const PORT = /:\d{0,5}$/;
const BRACKETS = /^\[(.*)\]$/;
const SINGLE_LABEL = /^[a-z0-9_-]+$/;

/** Returns true if the text may be an entry of `ALLOWED_HOSTS`; it must be in lower case. */
export function isAllowedHostsEntry(text: string): boolean {
  return ENTRY.test(text);
}

/**
 * Tells whether the value of a `Host` header cannot be the name of an attacker's DNS zone. That holds for IP addresses,
 * `localhost`, single-label names (Compose, Kubernetes) and the entries of `ALLOWED_HOSTS`. Everything else could be a
 * name that an attacker has pointed at this service (DNS rebinding), so that the browser treats the attacker's page
 * as a page of this service. Ports are ignored, because a page cannot take another port's name.
 */
export function isAllowedHost(header: string, allowedHosts: readonly string[]): boolean {
  const host = header.toLowerCase().replace(PORT, '');
  const [, bracketed] = BRACKETS.exec(host) ?? [];
  if (bracketed !== undefined) {
    return isIP(bracketed) === 6;
  }
  const name = host.replace(/\.$/, '');
  return (
    isIP(name) === 4 ||
    SINGLE_LABEL.test(name) ||
    name.endsWith('.localhost') ||
    allowedHosts.some((entry) => matches(name, entry.replace(PORT, '')))
  );
}

function matches(name: string, entry: string): boolean {
  return entry === ANY || (entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry);
}
