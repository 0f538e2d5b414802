import { lookup } from 'node:dns/promises';

/** Finds the addresses of a host name. Replace this provider to lead names elsewhere, in tests too. */
export abstract class HostResolver {
  /** At least one address; rejects where there is none. */
  abstract resolve(host: string): Promise<readonly string[]>;
}

/** As every program of this machine does. */
export class SystemHostResolver extends HostResolver {
  override async resolve(host: string): Promise<readonly string[]> {
    const found = await lookup(host, { all: true, order: 'verbatim' });
    return found.map(({ address }) => address);
  }
}
