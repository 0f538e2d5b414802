import { Agent, type ClientRequest } from 'node:http';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** Connections at once, so that a dispatch of many ids does not open as many sockets. */
const MAX_CONNECTIONS = 128;
/** Connections made ahead of a call at the most. */
const MAX_PREPARED = 16;
/** An idle connection carries no further request after this, where the upstream announces nothing else. */
const DEFAULT_REUSE_MS = 100;
/** The same where the upstream announces a very long time: whatever stands between may forget the connection. */
const MAX_REUSE_MS = 30_000;
/** An announced time is used up to this long before its end, or up to its half. */
const REUSE_MARGIN_MS = 1000;
const ANNOUNCED_SECONDS = /(?:^|[,\s])timeout\s*=\s*(\d{1,9})/i;
const CONNECT_TIMEOUT_MS = 10_000;
/** How long before a slot its connection is made: twice what the slowest of the last connections took, within these. */
const MIN_PREPARE_LEAD_MS = 50;
const MAX_PREPARE_LEAD_MS = 1000;
const MAX_REMEMBERED_CONNECTS = 4;
/** A connection that was made ahead is closed this long after the slot that did not need it. */
const UNUSED_MS = 1000;

/** One open connection. */
interface ConnectionState {
  /** Resolves when it can carry a request; rejects where it could not be made. */
  readonly connected: Promise<void>;
  /** Whether an answer has come on it. */
  isUsed: boolean;
  /** When its last answer ended, by `performance.now()`; null before the first one, and from the next answer on. */
  idleSinceMs: number | null;
  reuseMs: number;
  closing?: NodeJS.Timeout | undefined;
}

/**
 * The connections to one upstream. An idle one is closed before the upstream may close it: a request that crosses a
 * close on its way is lost, and nobody knows whether it was done. A connection can be made ahead of a call instead.
 */
export class Connections extends Agent {
  private readonly states = new WeakMap<Duplex, ConnectionState>();
  private readonly prepared = new Set<Socket>();
  private readonly idle = new Set<Duplex>();
  private readonly connectMs: number[] = [];
  private readonly origin: URL;
  private tlsSession: Buffer | undefined;
  private preparing: NodeJS.Timeout | undefined;

  /** `ca`: certificates trusted in place of the well-known ones, as PEM. `lookup` finds the addresses of its name. */
  constructor(
    url: string,
    private readonly ca: string | null,
    private readonly lookup: LookupFunction,
  ) {
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS, maxFreeSockets: MAX_CONNECTIONS });
    this.origin = new URL(new URL(url).origin);
  }

  /** Makes so many connections shortly before a call that leaves in `inMs`, unless as many will be alive then. */
  prepare(inMs: number, wanted: number): void {
    clearTimeout(this.preparing);
    const aheadMs = this.prepareLeadMs();
    this.preparing = setTimeout(
      () => {
        const slotMs = performance.now() + Math.min(inMs, aheadMs);
        const reusable = [...this.idle].filter((socket) => this.staleAtMs(socket) > slotMs).length;
        const missing = Math.min(wanted, MAX_PREPARED) - reusable - this.prepared.size;
        for (let i = 0; i < missing; i++) {
          this.openInAdvance(aheadMs);
        }
      },
      Math.max(0, inMs - aheadMs),
    ).unref();
  }

  /** Resolves when the connection can carry a request. */
  async connected(socket: Duplex): Promise<void> {
    await this.states.get(socket)?.connected;
  }

  /** Whether the connection has carried a request before. */
  isUsed(socket: Duplex): boolean {
    return this.states.get(socket)?.isUsed === true;
  }

  /** In how many ms the connection is too old for a request; infinite where it was not idle since its last one. */
  staleInMs(socket: Duplex): number {
    return this.staleAtMs(socket) - performance.now();
  }

  /** An answer has come on this connection, with this `Keep-Alive` header. */
  recordResponse(socket: Duplex, keepAlive: string): void {
    const standing = this.states.get(socket);
    if (standing !== undefined) {
      standing.isUsed = true;
      standing.idleSinceMs = null;
      standing.reuseMs = toReuseMs(keepAlive);
    }
  }

  override createConnection(): Socket {
    const [made] = this.prepared;
    if (made === undefined) {
      return this.open();
    }
    this.prepared.delete(made);
    clearTimeout(this.states.get(made)?.closing);
    return made.ref();
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const standing = this.states.get(socket);
    if (standing === undefined || standing.reuseMs === 0) {
      return false;
    }
    standing.idleSinceMs = performance.now();
    standing.closing = setTimeout(() => socket.destroy(), standing.reuseMs).unref();
    this.idle.add(socket);
    (socket as Socket).unref();
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    clearTimeout(this.states.get(socket)?.closing);
    this.idle.delete(socket);
    super.reuseSocket(socket, request);
  }

  private staleAtMs(socket: Duplex): number {
    const { idleSinceMs, reuseMs } = this.states.get(socket) ?? { idleSinceMs: null, reuseMs: 0 };
    return idleSinceMs === null ? Number.POSITIVE_INFINITY : idleSinceMs + reuseMs;
  }

  private openInAdvance(aheadMs: number): void {
    const socket = this.open().unref();
    const forget = (): void => {
      this.prepared.delete(socket);
    };
    socket.once('close', forget).once('error', forget); // the call that needs it makes its own, and tells what is wrong
    this.prepared.add(socket);
    const standing = this.states.get(socket);
    if (standing !== undefined) {
      standing.closing = setTimeout(() => {
        forget();
        socket.destroy();
      }, aheadMs + UNUSED_MS).unref();
    }
  }

  private open(): Socket {
    const begunMs = performance.now();
    const { socket, connectedEvent } = this.connect();
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS).unref();
    const connected = new Promise<void>((resolve, reject) => {
      socket.once(connectedEvent, () => {
        this.connectMs.unshift(performance.now() - begunMs);
        this.connectMs.length = Math.min(this.connectMs.length, MAX_REMEMBERED_CONNECTS);
        clearTimeout(timer);
        resolve();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        clearTimeout(timer);
        this.idle.delete(socket);
        reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
      });
    });
    connected.catch(() => undefined); // who waits for it is told as well
    this.states.set(socket, { connected, isUsed: false, idleSinceMs: null, reuseMs: DEFAULT_REUSE_MS });
    return socket;
  }

  private connect(): { readonly socket: Socket; readonly connectedEvent: 'connect' | 'secureConnect' } {
    const { protocol, hostname, port } = this.origin;
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (protocol === 'http:') {
      const socket = connectTcp({
        host,
        port: Number(port || 80),
        lookup: this.lookup,
        noDelay: true,
        keepAlive: true,
      });
      return { socket, connectedEvent: 'connect' };
    }
    const socket = connectTls({
      host,
      port: Number(port || 443),
      lookup: this.lookup,
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
      ...(this.ca !== null && { ca: this.ca }),
      ...(this.tlsSession !== undefined && { session: this.tlsSession }),
    });
    socket.setNoDelay(true).setKeepAlive(true);
    socket.on('session', (session) => {
      this.tlsSession = session;
    });
    socket.once('error', () => {
      this.tlsSession = undefined;
    });
    return { socket, connectedEvent: 'secureConnect' };
  }

  private prepareLeadMs(): number {
    const slowestMs = this.connectMs.length === 0 ? MAX_PREPARE_LEAD_MS : Math.max(...this.connectMs);
    return Math.min(Math.max(2 * slowestMs, MIN_PREPARE_LEAD_MS), MAX_PREPARE_LEAD_MS);
  }
}

function toReuseMs(keepAlive: string): number {
  const seconds = ANNOUNCED_SECONDS.exec(keepAlive)?.[1];
  if (seconds === undefined) {
    return DEFAULT_REUSE_MS;
  }
  const announcedMs = Number(seconds) * 1000;
  return Math.min(announcedMs - Math.min(REUSE_MARGIN_MS, announcedMs / 2), MAX_REUSE_MS);
}
