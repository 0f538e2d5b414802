import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findStoreFaults, readUsedBytes, SCHEMA } from '../crash/postgres-under-test.ts';
import { LEASE_MS, StoreUnderTest } from '../crash/store-under-test.ts';
import { hasOwnNetwork } from './namespace.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { PostgresNode } from './postgres-node.ts';

const STANDBY = 'standby';
const ATTACHES_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** The address under which the standby calls the primary. */
export const REPLICATION_ADDRESS = hasOwnNetwork() ? '127.2.0.1' : '127.0.0.1';

/** Returns the URL by which process `processNo` reaches the database. */
export type DatabaseUrl = (processNo: number) => string;

/** A primary with or without a synchronous standby. */
export class Cluster extends StoreUnderTest {
  /** The way of the service to the database; by default all servers by name, each process under an address of its own. */
  databaseUrl: DatabaseUrl;
  private readonly removeFolder: () => void;
  private readonly nodes: readonly [PostgresNode, PostgresNode];
  private primaryNo: 0 | 1 = 0;

  private constructor(folder: string, nodes: readonly [PostgresNode, PostgresNode]) {
    super();
    this.removeFolder = () => {
      rmSync(folder, { recursive: true, force: true });
    };
    this.nodes = nodes;
    this.databaseUrl = (processNo) => this.urlOfAllServers(addressOf(processNo));
  }

  static async create(binaries: PostgresBinaries): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
    chmodSync(folder, 0o755);
    const nodes = [
      await PostgresNode.at(join(folder, 'a'), binaries),
      await PostgresNode.at(join(folder, 'b'), binaries),
    ] as const;
    await nodes[0].create();
    const cluster = new Cluster(folder, nodes);
    process.once('exit', cluster.removeFolder);
    return cluster;
  }

  get primary(): PostgresNode {
    return this.nodes[this.primaryNo];
  }

  get standby(): PostgresNode {
    return this.nodes[this.primaryNo === 0 ? 1 : 0];
  }

  override environment(processNo: number): Record<string, string> {
    return {
      DATABASE_URL: this.databaseUrl(processNo),
      DATABASE_SCHEMA: SCHEMA,
      DISPATCH_LEASE: String(LEASE_MS / 1000),
    };
  }

  override watchWrites(): () => void {
    throw new Error('no strike of these tests is aimed at a write');
  }

  override async findFaults(): Promise<string[]> {
    return findStoreFaults((sql) => this.primary.run(sql));
  }

  override async usedBytes(): Promise<number> {
    return readUsedBytes((sql) => this.primary.run(sql));
  }

  /** Makes the standby from a copy of the primary; from then on a COMMIT waits for it. */
  async addStandby(): Promise<void> {
    await this.standby.copyFrom(this.primary, REPLICATION_ADDRESS, STANDBY);
    await this.waitForStandby();
  }

  /**
   * Makes the standby the primary, once the former one has ended. With `strict` each COMMIT then waits until there is a
   * standby again; otherwise the new primary works alone until then.
   */
  async promote(strict: boolean): Promise<void> {
    await this.standby.run('SELECT pg_promote(true, 60)');
    this.primaryNo = this.primaryNo === 0 ? 1 : 0;
    await this.setSynchronous(strict);
  }

  /** Ends the primary in order, promotes the standby, and makes the former primary its standby. */
  async switchOver(strict: boolean): Promise<void> {
    await this.primary.stop();
    await this.promote(strict);
    await this.standby.startAsStandby(this.primary, REPLICATION_ADDRESS, STANDBY);
    await this.waitForStandby();
  }

  /** Resolves once every COMMIT is confirmed by the standby too. */
  async waitForStandby(): Promise<void> {
    await this.setSynchronous(true);
    const deadlineMs = performance.now() + ATTACHES_WITHIN_MS;
    for (;;) {
      const [row] = await this.primary.run(
        `SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'`,
      );
      if (row?.['sync_state'] === 'sync') {
        return;
      }
      if (performance.now() > deadlineMs) {
        throw new Error('the standby does not attach');
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }

  override async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    process.off('exit', this.removeFolder);
    this.removeFolder();
  }

  private urlOfAllServers(host: string): string {
    const hosts = this.nodes.map(({ port }) => `${host}:${String(port)}`);
    return `postgres://postgres@${hosts.join(',')}/postgres?target_session_attrs=read-write`;
  }

  private async setSynchronous(isOn: boolean): Promise<void> {
    await this.primary.run(`ALTER SYSTEM SET synchronous_standby_names = '${isOn ? STANDBY : ''}'`);
    await this.primary.run('SELECT pg_reload_conf()');
  }
}

/** Returns the server's address for one process, so that its packets alone can be dropped. */
export function addressOf(processNo: number): string {
  return hasOwnNetwork() ? `127.1.0.${String(processNo + 1)}` : '127.0.0.1';
}
