import { Agent, type ClientRequest } from 'node:http';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ClientCertificate, ClientIdentity } from '../auth/client-certificate.js';
import { ProxyTunnel } from './proxy-tunnel.js';
import { MAX_TIMER_MS, type Runtime, type Timer } from '../../domain/runtime.js';

/** The maximum number of connections, so that a dispatch of many ids does not open as many sockets. */
const MAX_CONNECTIONS = 128;
/** The maximum number of connections that are opened before a request. */
const MAX_PREPARED = 16;
/** The time for which an idle connection is reused if the upstream announces no time. */
const DEFAULT_REUSE_MS = 100;
/**
 * The maximum of that time if the upstream announces a very long one: a proxy in between may close the
 * connection earlier.
 */
const MAX_REUSE_MS = 30_000;
/** An announced time is used up to this long before its end, but at least up to its half. */
const REUSE_MARGIN_MS = 1000;
const ANNOUNCED_SECONDS = /(?:^|[,\s])timeout\s*=\s*(\d{1,9})/i;
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * The time before a slot at which its connection is opened: twice the slowest of the last connections, within
 * these limits.
 */
const MIN_PREPARE_LEAD_MS = 50;
const MAX_PREPARE_LEAD_MS = 1000;
const MAX_REMEMBERED_CONNECTS = 4;
/** A prepared connection is closed this long after its slot if it was not used. */
const UNUSED_MS = 1000;

/** One open connection. */
interface ConnectionState {
  /** Resolves when it can carry a request; rejects if it could not be opened. */
  readonly connected: Promise<void>;
  /** True if it has carried a response. */
  isUsed: boolean;
  /**
   * The end of its last response, by `Runtime.monotonicMs()`; null before the first response, and from the start
   * of the next one.
   */
  idleSinceMs: number | null;
  reuseMs: number;
  closing?: Timer | undefined;
}

/**
 * The connections to one upstream. An idle connection is closed before the upstream may close it: a request
 * that is sent while the upstream closes the connection is lost, and it is unknown whether it was processed.
 * A connection can also be opened before its request.
 */
export class Connections extends Agent {
  private readonly states = new WeakMap<Duplex, ConnectionState>();
  private readonly prepared = new Set<Socket>();
  private readonly idle = new Set<Duplex>();
  private readonly connectMs: number[] = [];
  private readonly origin: URL;
  private tlsSession: Buffer | undefined;
  /** The client certificate of the last connection; null without one. */
  private identity: ClientIdentity | null = null;
  private preparing: Timer | undefined;

  /**
   * `ca` is a PEM of certificates that are trusted instead of the well-known ones. `lookup` finds the
   * addresses of the upstream's name.
   */
  constructor(
    url: string,
    private readonly ca: string | null,
    private readonly lookup: LookupFunction,
    private readonly runtime: Runtime,
    private readonly clientCertificate: ClientCertificate | null = null,
    /** The HTTP proxy through which an upstream with https is reached. */
    private readonly proxy: URL | null = null,
  ) {
    super({ keepAlive: true, maxSockets: MAX_CONNECTIONS, maxFreeSockets: MAX_CONNECTIONS });
    this.origin = new URL(new URL(url).origin);
  }

  /**
   * Opens `wanted` connections shortly before a request that is sent in `inMs`, unless as many will still be
   * open then.
   */
  prepare(inMs: number, wanted: number): void {
    this.runtime.clearTimeout(this.preparing);
    const aheadMs = this.prepareLeadMs();
    if (inMs - aheadMs > MAX_TIMER_MS) {
      return; // a longer timer would fire at once; the lane calls again before its slot
    }
    this.preparing = this.runtime
      .setTimeout(
        () => {
          const slotMs = this.runtime.monotonicMs() + Math.min(inMs, aheadMs);
          const reusable = [...this.idle].filter((socket) => this.staleAtMs(socket) > slotMs).length;
          const missing = Math.min(wanted, MAX_PREPARED) - reusable - this.prepared.size;
          for (let i = 0; i < missing; i++) {
            this.openInAdvance(aheadMs);
          }
        },
        Math.max(0, inMs - aheadMs),
      )
      .unref();
  }

  /** Resolves when the connection can carry a request. */
  async connected(socket: Duplex): Promise<void> {
    await this.states.get(socket)?.connected;
  }

  /** Tells whether the connection has carried a request before. */
  isUsed(socket: Duplex): boolean {
    return this.states.get(socket)?.isUsed === true;
  }

  /**
   * Returns the time in ms until the connection is too old for a request; infinite if it was not idle since
   * its last one.
   */
  staleInMs(socket: Duplex): number {
    return this.staleAtMs(socket) - this.runtime.monotonicMs();
  }

  /** Call it when a response arrives on this connection; `keepAlive` is its header. */
  recordResponse(socket: Duplex, keepAlive: string): void {
    const state = this.states.get(socket);
    if (state !== undefined) {
      state.isUsed = true;
      state.idleSinceMs = null;
      state.reuseMs = toReuseMs(keepAlive);
    }
  }

  override createConnection(): Socket {
    const [made] = this.prepared;
    if (made === undefined) {
      return this.open();
    }
    this.prepared.delete(made);
    this.runtime.clearTimeout(this.states.get(made)?.closing);
    return made.ref();
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const state = this.states.get(socket);
    if (state === undefined || state.reuseMs === 0) {
      return false;
    }
    state.idleSinceMs = this.runtime.monotonicMs();
    state.closing = this.runtime.setTimeout(() => socket.destroy(), state.reuseMs).unref();
    this.idle.add(socket);
    (socket as Socket).unref();
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    this.runtime.clearTimeout(this.states.get(socket)?.closing);
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
    socket.once('close', forget).once('error', forget); // the request that needs it opens its own, and reports the error
    this.prepared.add(socket);
    const state = this.states.get(socket);
    if (state !== undefined) {
      state.closing = this.runtime
        .setTimeout(() => {
          forget();
          socket.destroy();
        }, aheadMs + UNUSED_MS)
        .unref();
    }
  }

  private open(): Socket {
    const startedMs = this.runtime.monotonicMs();
    const { socket, connectedEvent } = this.connect();
    const timer = this.runtime
      .setTimeout(() => {
        socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
      }, CONNECT_TIMEOUT_MS)
      .unref();
    const connected = new Promise<void>((resolve, reject) => {
      socket.once(connectedEvent, () => {
        this.connectMs.unshift(this.runtime.monotonicMs() - startedMs);
        this.connectMs.length = Math.min(this.connectMs.length, MAX_REMEMBERED_CONNECTS);
        this.runtime.clearTimeout(timer);
        resolve();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        this.runtime.clearTimeout(timer);
        this.idle.delete(socket);
        reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
      });
    });
    connected.catch(() => undefined); // requests that wait for it receive the error too
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
    const tunnel = this.proxy === null ? null : this.openTunnel(this.proxy, `${hostname}:${port || '443'}`);
    const socket = connectTls({
      host,
      port: Number(port || 443),
      lookup: this.lookup,
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: true,
      ...(this.ca !== null && { ca: this.ca }),
      ...this.toIdentity(),
      ...(tunnel !== null && { socket: tunnel }),
    });
    tunnel?.once('error', (error) => socket.destroy(error));
    socket.setNoDelay(true).setKeepAlive(true);
    socket.on('session', (session) => {
      this.tlsSession = session;
    });
    socket.once('error', () => {
      this.tlsSession = undefined;
    });
    return { socket, connectedEvent: 'secureConnect' };
  }

  private openTunnel(proxy: URL, target: string): ProxyTunnel {
    const socket = connectTcp({
      host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(proxy.port || 80),
      lookup: this.lookup,
      noDelay: true,
      keepAlive: true,
    });
    const { username, password } = proxy;
    const credentials =
      username === '' ? null : `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return new ProxyTunnel(socket, target, credentials);
  }

  /** A session of an earlier connection stands for the certificate that was used there. */
  private toIdentity(): ConnectionOptions {
    const identity = this.clientCertificate?.current() ?? null;
    if (identity !== this.identity) {
      this.identity = identity;
      this.tlsSession = undefined;
    }
    return { ...identity, ...(this.tlsSession !== undefined && { session: this.tlsSession }) };
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
