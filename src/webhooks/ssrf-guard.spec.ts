import { describe, expect, it } from '@jest/globals';
import { HostAllowlist } from '../platform/dns/host-allowlist.js';
import { ApplicationReceiver } from './application-receiver.js';
import { SsrfGuard } from './ssrf-guard.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { HostResolver } from './host-resolver.js';
import { isPublicAddress } from '../platform/dns/public-address.js';

class Names extends HostResolver {
  readonly asked: string[] = [];

  constructor(private readonly addresses: Readonly<Record<string, readonly string[]>>) {
    super();
  }

  override resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    const found = this.addresses[host];
    return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
  }
}

function guard(
  allow = '',
  addresses: Readonly<Record<string, readonly string[]>> = {},
  canSign = true,
): SsrfGuard {
  const parsed = HostAllowlist.parse(allow);
  if (parsed === null) {
    throw new Error(`CALLBACK_ALLOW cannot be read: ${allow}`);
  }
  const secrets = new WebhookSecrets({ shared: canSign ? ['whsec_'] : [], masters: [], byClient: new Map() });
  const options = { secrets, timeoutMs: 1000, allow: parsed, shutdownGraceMs: 0 };
  return new SsrfGuard(options, new Names(addresses), new ApplicationReceiver());
}

describe('An address is public:', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    '%s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['this machine', ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '0.1.2.3', '::']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fd12::1', 'fec0::1']],
    ['of the link', ['169.254.0.1', 'fe80::1', 'febf::1']],
    ['of the cloud', ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192', '168.63.129.16']],
    ['shared by a carrier', ['100.64.0.1', '100.127.255.255']],
    ['of many', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1', 'ff0e::1']],
    [
      'set aside',
      ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1', '2001:db8::1', '100::1'],
    ],
    ['an IPv4 one within IPv6', ['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:10.0.0.1', '::7f00:1']],
    [
      'an IPv4 one behind a translator',
      ['64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::1', '::ffff:0:7f00:1'],
    ],
    ['an IPv4 one in a tunnel', ['2002:7f00:1::', '2002:a00:1::1', '2001:0:7f00:1::']],
    ['no address', ['', 'localhost', '127.1', 'fe80::1%eth0']],
  ])('not one that is %s', (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

describe('At acceptance a callback URL', () => {
  it.each([
    ['https://example.com/hook?key=1', 'https://example.com/hook?key=1'],
    ['HTTP://EXAMPLE.com:80', 'http://example.com/'],
    ['https://example.com/a#part', 'https://example.com/a'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ])('%s is taken as %s', (given, taken) => {
    expect(guard().check(given)).toBe(taken);
  });

  it.each([
    ['', 'must be a URL'],
    ['example.com/hook', 'must be a URL'],
    ['/hook', 'must be a URL'],
    ['http://1.2.3.4.5/', 'must be a URL'],
    ['http://[fe80::1%25eth0]/', 'must be a URL'],
    ['ftp://example.com/', 'must begin with https:// or http://'],
    ['file:///etc/passwd', 'must begin with https:// or http://'],
    ['gopher://example.com/', 'must begin with https:// or http://'],
    ['https://user@example.com/', 'must not carry a user or password'],
    ['https://user:word@example.com/', 'must not carry a user or password'],
    [`https://example.com/${'x'.repeat(2048)}`, 'must be no longer than 2048 characters'],
    ['http://localhost/', 'its host localhost is not a public address'],
    ['http://localhost./', 'its host localhost is not'],
    ['http://a.LOCALHOST/', 'its host a.localhost is not'],
    ['http://%6c%6f%63alhost/', 'its host localhost is not'],
    ['http://127.0.0.1:8000/', 'its host 127.0.0.1 is not'],
    ['http://127.0.0.1./', 'its host 127.0.0.1 is not'],
    ['http://127.1/', 'its host 127.0.0.1 is not'],
    ['http://2130706433/', 'its host 127.0.0.1 is not'],
    ['http://0177.0.0.1/', 'its host 127.0.0.1 is not'],
    ['http://0x7f000001/', 'its host 127.0.0.1 is not'],
    ['http://１２７.0.0.1/', 'its host 127.0.0.1 is not'],
    ['http:\\\\127.0.0.1\\', 'its host 127.0.0.1 is not'],
    ['http://0/', 'its host 0.0.0.0 is not'],
    ['http://169.254.169.254/latest/meta-data/', 'its host 169.254.169.254 is not'],
    ['http://[::1]/', 'its host ::1 is not'],
    ['http://[::ffff:127.0.0.1]/', 'its host ::ffff:7f00:1 is not'],
    ['http://[64:ff9b::10.0.0.1]/', 'its host 64:ff9b::a00:1 is not'],
    ['http://[::127.0.0.1]/', 'its host ::7f00:1 is not'],
  ])('%s is refused: %s', (given, why) => {
    expect(() => guard().check(given)).toThrow(why);
  });

  it('is refused where nothing could be signed', () => {
    expect(() => guard('', {}, false).check('https://example.com/')).toThrow('has no WEBHOOK_MASTER_SECRET');
  });

  it('is not looked up: a name may lead elsewhere when it is called', () => {
    expect(guard('', { 'inside.example': ['10.0.0.1'] }).check('https://inside.example/')).toBe(
      'https://inside.example/',
    );
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1/'],
    ['127.0.0.0/8', 'http://127.9.9.9/'],
    ['10.0.0.0/8, 127.0.0.1', 'http://[::ffff:7f00:1]/'],
    ['::1', 'http://[::1]:99/'],
    ['fd00::/8', 'http://[fd12::1]/'],
    ['LOCALHOST', 'http://localhost/'],
  ])('is taken where CALLBACK_ALLOW=%s names it: %s', (allow, url) => {
    expect(guard(allow).check(url)).toBe(url);
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.2/'],
    ['example.com', 'http://localhost/'],
    ['::1', 'http://127.0.0.1/'],
  ])('is refused as ever where CALLBACK_ALLOW=%s does not: %s', (allow, url) => {
    expect(() => guard(allow).check(url)).toThrow('is not a public address');
  });
});

describe('Before a delivery', () => {
  const addressesOf = (
    url: string,
    allow: string,
    names: Readonly<Record<string, readonly string[]>>,
  ): unknown => guard(allow, names).resolveAllowed(new URL(url), new AbortController().signal);

  it('a name is looked up once, and its addresses are those to connect to', async () => {
    const names = { 'example.com': ['93.184.215.14', '2606:2800:21f::1'] };
    expect(await addressesOf('https://example.com./x', '', names)).toEqual(names['example.com']);
  });

  it('an address stands for itself', async () => {
    expect(await addressesOf('https://8.8.8.8/', '', {})).toEqual(['8.8.8.8']);
  });

  it.each([
    ['loopback', ['127.0.0.1']],
    ['a private network', ['10.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['IPv6 loopback', ['::1']],
    ['loopback within IPv6', ['::ffff:127.0.0.1']],
    ['one public address and one that is not', ['8.8.8.8', '10.0.0.1']],
  ])('a name that leads to %s is refused, and its address is not told', async (_, addresses) => {
    const call = guard('', { 'rebound.example': addresses }).resolveAllowed(
      new URL('https://rebound.example/'),
      new AbortController().signal,
    );
    await expect(call).rejects.toThrow('its host leads to what is not a public address');
    await call.catch((error: unknown) => {
      expect(String(error)).not.toContain(addresses[0]);
    });
  });

  it.each(['inside.example', '10.0.0.0/8', '10.0.0.1'])(
    'CALLBACK_ALLOW=%s lets it lead inside',
    async (allow) => {
      expect(await addressesOf('http://inside.example/', allow, { 'inside.example': ['10.0.0.1'] })).toEqual([
        '10.0.0.1',
      ]);
    },
  );

  it('a literal address that is allowed no more is refused', async () => {
    await expect(addressesOf('http://127.0.0.1/', '', {})).rejects.toThrow('is not a public address');
  });
});

describe('CALLBACK_ALLOW', () => {
  it.each(['10.0.0.0/33', '10.0.0', 'a b', 'http://a', 'a:80', '*.example.com', '1.2.3.4.5'])(
    'cannot be %s',
    (text) => {
      expect(HostAllowlist.parse(text)).toBeNull();
    },
  );

  it.each(['', ' , ', 'a,b', 'my-host_1.internal , 10.0.0.0/8'])('can be "%s"', (text) => {
    expect(HostAllowlist.parse(text)).not.toBeNull();
  });
});
