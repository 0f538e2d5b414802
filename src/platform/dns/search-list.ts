import { readFileSync } from 'node:fs';

const RESOLV_CONF = '/etc/resolv.conf';
const DEFAULT_NDOTS = 1;
const MAX_NDOTS = 15;

/** The rules that complete names without a final dot: `search` and `options ndots` of resolv.conf(5). */
export interface SearchList {
  readonly domains: readonly string[];
  readonly ndots: number;
}

const NO_SEARCH: SearchList = { domains: [], ndots: DEFAULT_NDOTS };

/**
 * Reads the search list of this system; it is empty if there is no such file. The read is synchronous and
 * small.
 */
export function loadSearchList(path: string = RESOLV_CONF): SearchList {
  try {
    return parseSearchList(readFileSync(path, 'utf8'));
  } catch {
    return NO_SEARCH;
  }
}

/** The last `search` or `domain` line counts, as in resolv.conf(5). */
export function parseSearchList(text: string): SearchList {
  let { domains, ndots } = NO_SEARCH;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'search' || keyword === 'domain') {
      domains = values.map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== '');
    } else if (keyword === 'options') {
      const value = values.findLast((option) => /^ndots:\d+$/.test(option));
      ndots = value === undefined ? ndots : Math.min(MAX_NDOTS, Number(value.slice('ndots:'.length)));
    }
  }
  return { domains, ndots };
}

/** Returns the full names to query, in order, until one has addresses. */
export function candidateNames(host: string, { domains, ndots }: SearchList): readonly string[] {
  if (host.endsWith('.')) {
    return [host.slice(0, -1)];
  }
  const completed = domains.map((domain) => `${host}.${domain}`);
  return host.split('.').length > ndots ? [host, ...completed] : [...completed, host];
}
