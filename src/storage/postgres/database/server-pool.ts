import { Client, Pool, type ClientBase, type PoolClient, type PoolConfig } from 'pg';
import { assertWritable } from './connect.js';
import { CONNECT_MS, connectionConfigs } from './connection-config.js';
import { ServerSelector } from './server-selector.js';
import type { PostgresOptions } from './postgres.options.js';

/** A connection of the pool, with its socket. */
export type PooledConnection = PoolClient & Pick<Client, 'connection'>;

/** Pools connections to the server of the URL that is reachable and accepts writes. */
export class ServerPool {
  private readonly hosts: ServerSelector;
  private readonly pool: Pool;
  /** The number of the server of each connection. */
  private readonly hostOf = new WeakMap<ClientBase, number>();

  constructor(options: PostgresOptions, settings: PoolConfig) {
    const configs = connectionConfigs(options);
    const { onlyWritable } = options.servers;
    const serverSelector = new ServerSelector(configs.length);
    const { hostOf } = this;
    this.hosts = serverSelector;
    this.pool = new Pool({
      ...configs[0],
      ...settings,
      Client: class extends Client {
        constructor() {
          const host = serverSelector.current;
          super({ ...(configs[host] ?? configs[0]), ...settings });
          hostOf.set(this, host);
        }

        override connect(): Promise<Client>;
        override connect(callback: (error: Error) => void): void;
        override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
          if (callback === undefined) {
            return super.connect();
          }
          super.connect((error: Error | null) => {
            if (error !== null) {
              serverSelector.failed(hostOf.get(this) ?? 0);
            }
            (callback as (error: Error | null) => void)(error);
          });
          return undefined;
        }
      },
      connectionTimeoutMillis: CONNECT_MS,
      verify: (client, done) => {
        (onlyWritable ? assertWritable(client) : Promise.resolve()).then(
          () => {
            this.hosts.confirm(this.toNumber(client));
            done();
          },
          (error: unknown) => {
            this.abandon(client);
            done(error as Error);
          },
        );
      },
    });
    // The pool drops a broken connection; the statement that uses it reports the error.
    this.pool.on('error', ignore);
    this.pool.on('connect', (client) => {
      client.on('error', ignore);
    });
  }

  /** Number of requests that wait for a connection. */
  get waitingCount(): number {
    return this.pool.waitingCount;
  }

  /** True as soon as closing has started. */
  get ending(): boolean {
    return this.pool.ending;
  }

  /** Returns true if the URL names more than one server. */
  get hasOthers(): boolean {
    return this.hosts.count > 1;
  }

  /** Resolves with a connection. If a server fails, each of the others is tried once. */
  async connect(): Promise<PooledConnection> {
    for (let tries = 1; ;) {
      const host = this.hosts.current;
      try {
        const client = (await this.pool.connect()) as PooledConnection; // made by the class above
        if (!this.hosts.isSuperseded(this.toNumber(client))) {
          return client;
        }
        client.release(true);
      } catch (error) {
        tries += 1;
        if (this.hosts.current === host || tries > this.hosts.count) {
          throw error;
        }
      }
    }
  }

  /** Reports that the server of this connection accepts no writes: new connections use the next server. */
  abandon(client: ClientBase): void {
    this.hosts.failed(this.toNumber(client));
  }

  async end(): Promise<void> {
    await this.pool.end();
  }

  private toNumber(client: ClientBase): number {
    return this.hostOf.get(client) ?? 0;
  }
}

function ignore(): void {
  // The reason is stated where this function is used.
}
