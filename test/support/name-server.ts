import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
const NO_SUCH_NAME = 3;

/** The addresses of each name; queries for a `silent` name are never answered. */
export type Zone = Record<string, readonly string[] | 'silent'>;

/** A name server on loopback with the records of the test (RFC 1035). An unknown name does not exist. */
export class NameServer {
  /** The name of each query. */
  readonly asked: string[] = [];
  /** True to never answer queries for IPv6 addresses, as some broken servers do. */
  isSilentAboutIpv6 = false;

  private constructor(
    private readonly socket: Socket,
    readonly zone: Zone,
    private readonly ttlSeconds: number,
  ) {
    socket.on('message', (query, from) => {
      const answer = this.answer(query);
      if (answer !== null) {
        socket.send(answer, from.port, from.address);
      }
    });
  }

  static async open(zone: Zone, ttlSeconds = 0): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket, zone, ttlSeconds);
  }

  /** The address in the form that `setServers` of a resolver takes. */
  get address(): string {
    return `127.0.0.1:${String(this.socket.address().port)}`;
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private answer(query: Buffer): Buffer | null {
    const { name, type, end } = readQuestion(query);
    this.asked.push(name);
    const known = this.zone[name] ?? this.zone[name.replace(/^[^.]+/, '*')];
    if (known === 'silent' || (this.isSilentAboutIpv6 && type === TYPE_AAAA)) {
      return null;
    }
    const records = (known ?? [])
      .filter((address) => type === (isIPv6(address) ? TYPE_AAAA : TYPE_A))
      .map((address) => this.record(type, address));
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (known === undefined ? NO_SUCH_NAME : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...records]);
  }

  private record(type: number, address: string): Buffer {
    const bytes = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
    const head = Buffer.alloc(HEADER_BYTES);
    head.writeUInt16BE(0xc00c, 0); // the name of the question
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(this.ttlSeconds, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Encodes an IPv6 address; supports only addresses with one `::`. */
function ipv6Bytes(address: string): Buffer {
  const [before = [], after = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.concat(
    [...before, ...zeros, ...after].map((group) => Buffer.from(group.padStart(4, '0'), 'hex')),
  );
}
