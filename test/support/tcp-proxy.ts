import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A response of the server, identified by texts in it. */
export interface Answer {
  readonly from: string;
  readonly until: string;
}

/** Forwards between a client and a server, and can simulate network faults. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private isBlackHole = false;
  private delayMs = 0;
  private toCut: Answer | null = null;
  private target: URL;

  readonly port: number;
  private readonly server: Server;

  private constructor(server: Server, port: number, target: URL) {
    this.server = server;
    this.port = port;
    this.target = target;
  }

  /** Forwards to the host and port of `url`. */
  static async before(url: string): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port, new URL(url));
    server.on('connection', (client) => {
      proxy.join(client, connect(Number(proxy.target.port), proxy.target.hostname));
    });
    return proxy;
  }

  /** Returns `url` with the address of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${String(this.port)}`;
    return changed.href;
  }

  /** Forwards new connections to the host and port of `url`. */
  leadTo(url: string): void {
    this.target = new URL(url);
  }

  /** Ends every connection. */
  cut(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  /** Drops the next such response from `until` on and ends its connection, so that its effect remains. */
  cutInsteadOf(answer: Answer): void {
    this.toCut = answer;
  }

  /** Starts or stops dropping all data silently; connections stay open. */
  swallowEverything(isOn: boolean): void {
    this.isBlackHole = isOn;
  }

  /** Delays all data in both directions. */
  delayBy(ms: number): void {
    this.delayMs = ms;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, upstream: Socket): void {
    this.forward(client, upstream, () => false);
    let hasBegun = false;
    this.forward(upstream, client, (chunk) => {
      hasBegun ||= this.toCut !== null && chunk.includes(this.toCut.from);
      const isHit = hasBegun && this.toCut !== null && chunk.includes(this.toCut.until);
      if (isHit) {
        this.toCut = null;
      }
      return isHit;
    });
  }

  private forward(from: Socket, to: Socket, isToBeCut: (chunk: Buffer) => boolean): void {
    let passed = Promise.resolve();
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk: Buffer) => {
      if (this.isBlackHole) {
        return;
      }
      if (isToBeCut(chunk)) {
        from.destroy();
        return;
      }
      // Chunks keep their order, also when the delay becomes shorter.
      const dueMs = performance.now() + this.delayMs;
      passed = passed.then(async () => {
        await sleep(Math.max(0, dueMs - performance.now()));
        to.write(chunk);
      });
    });
  }
}
