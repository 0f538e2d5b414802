import { setMaxListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NameServer, type Zone } from '../../../test/support/name-server.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { DnsLookup, type DnsLookupOptions } from './dns-lookup.js';
import { HostsFile } from './hosts-file.js';
import { candidateNames, parseSearchList } from './search-list.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

describe('A lookup of a name', () => {
  const newFolder = useTempFolders();
  const servers: NameServer[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function open(
    zone: Zone,
    options: DnsLookupOptions = {},
    hosts = '',
  ): Promise<{ dns: DnsLookup; server: NameServer }> {
    const server = await NameServer.open(zone, 60);
    servers.push(server);
    const path = join(newFolder(), 'hosts');
    writeFileSync(path, hosts);
    const searchList = { domains: [], ndots: 1 };
    const runtime = new SystemRuntime();
    const hostsFile = new HostsFile(runtime, path);
    return {
      dns: new DnsLookup(runtime, { servers: [server.address], hostsFile, searchList, ...options }),
      server,
    };
  }

  it('finds the addresses of both families, and how long they may be kept', async () => {
    const { dns } = await open({ 'both.test': ['192.0.2.1', '192.0.2.2', '2001:db8::7'] });
    const { addresses, ttlSeconds } = await dns.find('both.test');

    expect(addresses.toSorted()).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::7']);
    expect(ttlSeconds).toBe(60);
    await expect(dns.find('gone.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('takes a name of the hosts file and localhost from there, and asks no name server', async () => {
    const hosts = '# comment\n192.0.2.9  Printer printer.lan # here\n2001:db8::9 printer\nnonsense x\n';
    const { dns, server } = await open({}, {}, hosts);

    expect(await dns.find('printer')).toEqual({ addresses: ['192.0.2.9', '2001:db8::9'], ttlSeconds: 0 });
    expect((await dns.find('PRINTER.lan.')).addresses).toEqual(['192.0.2.9']);
    expect((await dns.find('app.localhost')).addresses).toEqual(['127.0.0.1', '::1']);
    expect(server.asked).toEqual([]);
  });

  it('completes a name by the search domains of the system, the next one where one does not exist', async () => {
    const searchList = parseSearchList('search a.test b.test.\noptions timeout:1 ndots:2\n');
    const { dns, server } = await open({ 'db.b.test': ['192.0.2.3'] }, { searchList });

    expect((await dns.find('db')).addresses).toEqual(['192.0.2.3']);
    expect([...new Set(server.asked)]).toEqual(['db.a.test', 'db.b.test']);
    expect(candidateNames('x.y', searchList)).toEqual(['x.y.a.test', 'x.y.b.test', 'x.y']);
    expect(candidateNames('x.y.z', searchList)).toEqual(['x.y.z', 'x.y.z.a.test', 'x.y.z.b.test']);
    expect(candidateNames('x.', searchList)).toEqual(['x']);
  });

  it('takes the addresses of one family where the server is silent about the other', async () => {
    const { dns, server } = await open({ 'v4.test': ['192.0.2.5'] }, { lookupTimeoutMs: 300_000 });
    server.isSilentAboutIpv6 = true;

    expect(await dns.find('v4.test')).toEqual({ addresses: ['192.0.2.5'], ttlSeconds: 60 });
  });

  it('ends at once when it is cancelled, and after its own time otherwise', async () => {
    const { dns } = await open({ '*.silent.test': 'silent' }, { lookupTimeoutMs: 100 });
    const stop = new AbortController();
    const cancelled = dns.find('a.silent.test', stop.signal);
    const late = dns.find('b.silent.test');
    expect(dns.inFlight).toBe(2);
    stop.abort(new Error('no longer wanted'));

    await expect(cancelled).rejects.toThrow('no longer wanted');
    expect(dns.inFlight).toBe(1);
    await expect(late).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(dns.inFlight).toBe(0);
    await expect(dns.find('c.silent.test', stop.signal)).rejects.toThrow('no longer wanted');
  });

  it('of a silent name holds up neither files nor other names, however many there are', async () => {
    const { dns } = await open({ '*.silent.test': 'silent', 'good.test': ['192.0.2.4'] });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const silent = Array.from({ length: 60 }, (_, i) => dns.find(`n${String(i)}.silent.test`, stop.signal));
    const ended = Promise.allSettled(silent);

    await stat('.');
    expect((await dns.find('good.test')).addresses).toEqual(['192.0.2.4']);
    expect(dns.inFlight).toBe(60);
    stop.abort();
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
