import type { ClientBase } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';
import { statement, type Row } from './statement.js';

/** With this many hung COMMITs no further write starts until one has ended. */
const MAX_HUNG_COMMITS = 2;
const RECHECK_INTERVAL_MS = 1000;

const SELECT_HUNG = statement(`
  SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1::int[]) AND state = 'active' AND query = 'COMMIT'
`);

type Read = (select: typeof SELECT_HUNG, values: readonly unknown[]) => Promise<readonly Row[]>;

/**
 * Tracks connections that were abandoned while their COMMIT was in flight. The server keeps such a connection until the
 * COMMIT has ended, even if the client is gone: if a synchronous standby is down, that lasts until it returns.
 */
export class HungCommits {
  private readonly processIds = new Set<number>();
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> | null = null;

  constructor(
    private readonly runtime: Runtime,
    private readonly read: Read,
  ) {}

  /** Records that the COMMIT of this connection was abandoned. */
  add(client: ClientBase): void {
    const { processID } = client as ClientBase & { readonly processID?: number | null };
    if (typeof processID === 'number') {
      this.processIds.add(processID);
    }
  }

  /**
   * Resolves when another COMMIT may be sent. It queries the server at most once a second.
   * @throws StoreUnavailableError where too many COMMITs hang
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
        `PostgreSQL has not ended ${String(this.processIds.size)} abandoned COMMITs: it may wait for a synchronous standby`,
      );
    }
  }

  private async check(): Promise<void> {
    if (this.runtime.monotonicMs() - this.checkedAtMs < RECHECK_INTERVAL_MS) {
      return;
    }
    const tracked = [...this.processIds];
    const rows = await this.read(SELECT_HUNG, [tracked]);
    const hung = new Set(rows.map((row) => Number(row['pid'])));
    for (const processId of tracked) {
      if (!hung.has(processId)) {
        this.processIds.delete(processId);
      }
    }
    this.checkedAtMs = this.runtime.monotonicMs();
  }
}
