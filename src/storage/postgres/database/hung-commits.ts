import type { ClientBase } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import { statement, type Row } from './statement.js';

/** Beyond that many nothing more is written until one of them has ended. */
const MAX_HUNG_COMMITS = 2;
const RECHECK_INTERVAL_MS = 1000;

const SELECT_HUNG = statement(`
  SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1::int[]) AND state = 'active' AND query = 'COMMIT'
`);

type Read = (select: typeof SELECT_HUNG, values: readonly unknown[]) => Promise<readonly Row[]>;

/**
 * Connections that were given up while their COMMIT was on its way. The server keeps such a connection until the COMMIT
 * has ended, also when the client is gone: where a synchronous standby is away, that is until it is back.
 */
export class HungCommits {
  private readonly processIds = new Set<number>();
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> | null = null;

  constructor(private readonly read: Read) {}

  /** The COMMIT of this connection was given up. */
  add(client: ClientBase): void {
    const { processID } = client as ClientBase & { readonly processID?: number | null };
    if (typeof processID === 'number') {
      this.processIds.add(processID);
    }
  }

  /**
   * Resolves when another COMMIT may be sent. The server is asked once a second at the most.
   * @throws StoreUnavailableError where too many hang.
   */
  async makeRoom(): Promise<void> {
    if (this.processIds.size >= MAX_HUNG_COMMITS) {
      this.checking ??= this.check().finally(() => {
        this.checking = null;
      });
      await this.checking;
    }
    if (this.processIds.size >= MAX_HUNG_COMMITS) {
      throw new StoreUnavailableError(
        `PostgreSQL has not ended ${String(this.processIds.size)} COMMITs that were given up: it may wait for a synchronous standby`,
      );
    }
  }

  private async check(): Promise<void> {
    if (performance.now() - this.checkedAtMs < RECHECK_INTERVAL_MS) {
      return;
    }
    const asked = [...this.processIds];
    const rows = await this.read(SELECT_HUNG, [asked]);
    const hung = new Set(rows.map((row) => Number(row['pid'])));
    for (const processId of asked) {
      if (!hung.has(processId)) {
        this.processIds.delete(processId);
      }
    }
    this.checkedAtMs = performance.now();
  }
}
