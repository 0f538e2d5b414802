import { afterEach, describe, expect, it } from '@jest/globals';
import { NameServer, type Zone } from '../../../test/support/name-server.js';
import { CachedLookup } from './cached-lookup.js';
import { DnsLookup } from './dns-lookup.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const NAME = 'upstream.test';

describe('The addresses of a name that the operator chose', () => {
  const servers: NameServer[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function open(
    zone: Zone,
    ttlSeconds: number,
  ): Promise<{ names: CachedLookup; server: NameServer; system: string[] }> {
    const server = await NameServer.open(zone, ttlSeconds);
    servers.push(server);
    const system: string[] = [];
    const searchList = { domains: [], ndots: 1 };
    const runtime = new SystemRuntime();
    const dns = new DnsLookup(runtime, { servers: [server.address], searchList, lookupTimeoutMs: 200 });
    const names = new CachedLookup(runtime, dns, {
      staleAfterMs: 20,
      askSystem: (host) => {
        system.push(host);
        return Promise.resolve(['192.0.2.200']);
      },
    });
    return { names, server, system };
  }

  it('are asked for once in their time to live, and lookups at the same moment share one', async () => {
    const { names, server } = await open({ [NAME]: ['192.0.2.1'] }, 60);
    await Promise.all([names.find(NAME), names.find(NAME), names.find(NAME)]);
    expect(await names.find(NAME)).toEqual(['192.0.2.1']);

    expect(server.asked).toHaveLength(2); // one for each family
  });

  it('are followed where they change after their time to live', async () => {
    const { names, server } = await open({ [NAME]: ['192.0.2.1'] }, 0);
    await names.find(NAME);
    server.zone[NAME] = ['192.0.2.2'];

    expect(await names.find(NAME)).toEqual(['192.0.2.2']);
  });

  it('stay the last good ones while the name server is silent, and a call waits for it once, not each time', async () => {
    const { names, server } = await open({ [NAME]: ['192.0.2.1'] }, 0);
    await names.find(NAME);
    server.zone[NAME] = 'silent';
    expect(await names.find(NAME)).toEqual(['192.0.2.1']);
    const asked = server.asked.length;
    expect(await names.find(NAME)).toEqual(['192.0.2.1']);

    expect(server.asked).toHaveLength(asked);
  });

  it('are not invented where the name was never found', async () => {
    const { names } = await open({ [NAME]: 'silent' }, 0);

    await expect(names.find(NAME)).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  it('come from the system, by a thread of the pool, only where DNS says that the name does not exist', async () => {
    const { names, system } = await open({ [NAME]: ['192.0.2.1'], 'silent.test': 'silent' }, 60);
    await names.find(NAME);
    await names.find('silent.test').catch(() => undefined);
    expect(system).toEqual([]);

    expect(await names.find('printer.local')).toEqual(['192.0.2.200']);
    expect(system).toEqual(['printer.local']);
  });

  it('are handed to a socket in the family that it wants', async () => {
    const { names } = await open({ [NAME]: ['192.0.2.1', '2001:db8::1'] }, 60);
    const lookup = (options: object): Promise<unknown> =>
      new Promise((resolve) => {
        names.lookup(NAME, options, (error, address, family) => {
          resolve(error?.code ?? [address, family]);
        });
      });

    expect(await lookup({ family: 6 })).toEqual(['2001:db8::1', 6]);
    expect(await lookup({ all: true, family: 'IPv4' })).toEqual([
      [{ address: '192.0.2.1', family: 4 }],
      undefined,
    ]);
  });
});
