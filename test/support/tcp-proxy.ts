import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and may be told to be a bad network. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private isBlackHole = false;
  private delayMs = 0;
  private cutBefore: string | null = null;

  readonly port: number;
  private readonly server: Server;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  /** Forwards to the host and port of `url`. */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => {
      proxy.join(client, connect(Number(port), hostname));
    });
    return proxy;
  }

  /** `url`, by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${String(this.port)}`;
    return changed.href;
  }

  /** Every connection ends now. */
  cut(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  /** The next answer that contains `text` is swallowed, and its connection ends: what it tells has happened. */
  cutInsteadOf(text: string): void {
    this.cutBefore = text;
  }

  /** From now on nothing comes through, and nobody is told. */
  swallowEverything(isOn: boolean): void {
    this.isBlackHole = isOn;
  }

  /** Holds back whatever passes, in both directions. */
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
    this.forward(upstream, client, (chunk) => this.isToBeCut(chunk));
  }

  private forward(from: Socket, to: Socket, isToBeCut: (chunk: Buffer) => boolean): void {
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
      setTimeout(() => to.write(chunk), this.delayMs);
    });
  }

  private isToBeCut(chunk: Buffer): boolean {
    const isHit = this.cutBefore !== null && chunk.includes(this.cutBefore);
    if (isHit) {
      this.cutBefore = null;
    }
    return isHit;
  }
}
