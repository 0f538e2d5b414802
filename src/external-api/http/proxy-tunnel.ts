import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The longest head of a proxy's answer. */
const MAX_HEAD_BYTES = 16_384;
const END_OF_HEAD = '\r\n\r\n';

/**
 * A tunnel through an HTTP proxy to a host (CONNECT, RFC 9110 section 9.3.6). What is written before the proxy has opened it
 * waits. It fails with the status of the proxy if the proxy refuses.
 */
export class ProxyTunnel extends Duplex {
  private head: Buffer | null = Buffer.alloc(0);
  private waiting: (() => void) | null = null;

  /** `target` is `host:port`; `socket` is a connection to the proxy, which may still be connecting. */
  constructor(
    private readonly socket: Socket,
    target: string,
    credentials: string | null,
  ) {
    super();
    const authorization =
      credentials === null
        ? ''
        : `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
    socket.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    socket.once('end', () => {
      if (this.head === null) {
        this.push(null);
      } else {
        this.fail('the proxy closed the connection');
      }
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const write = (): void => {
      this.socket.write(chunk, done);
    };
    if (this.head === null) {
      write();
    } else {
      this.waiting = write;
    }
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  private receive(chunk: Buffer): void {
    if (this.head !== null) {
      this.receiveHead(Buffer.concat([this.head, chunk]));
    } else if (!this.push(chunk)) {
      this.socket.pause();
    }
  }

  private receiveHead(head: Buffer): void {
    const end = head.indexOf(END_OF_HEAD);
    if (end === -1 && head.length < MAX_HEAD_BYTES) {
      this.head = head;
      return;
    }
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1];
    if (end === -1 || status?.startsWith('2') !== true) {
      this.fail(`the proxy answered ${status ?? 'no HTTP'} to CONNECT`);
      return;
    }
    this.head = null;
    this.waiting?.();
    this.waiting = null;
    if (head.length > end + END_OF_HEAD.length) {
      this.push(head.subarray(end + END_OF_HEAD.length));
    }
  }

  private fail(message: string): void {
    this.destroy(new Error(message));
  }
}
