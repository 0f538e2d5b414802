import type {
  PendingCounts,
  StagedBlock,
  StagingRepository,
} from '../../../ingestion/streaming/staging.repository.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { PostgresDatabase } from '../database/database.js';
import {
  appendStaged,
  insertStaging,
  abandonStaged,
  renewStaging,
  selectPendingCounts,
} from './staged-ingestions.js';
import type { Statement } from '../database/statement.js';
import { toBuffer } from './idempotency-keys.js';

/** Stages ingestions in PostgreSQL while they arrive. */
export class PostgresStagingRepository implements StagingRepository {
  private readonly insertStaging: Statement;
  private readonly appendStaged: Statement;
  private readonly renewStaging: Statement;
  private readonly abandonStaged: Statement;
  private readonly selectPendingCounts: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.insertStaging = insertStaging(schema);
    this.appendStaged = appendStaged(schema);
    this.renewStaging = renewStaging(schema);
    this.abandonStaged = abandonStaged(schema);
    this.selectPendingCounts = selectPendingCounts(schema);
  }

  async create(leaseMs: number, client: string | null): Promise<number> {
    const [row] = await this.database.write(this.insertStaging, [leaseMs, client]);
    return Number(row?.['staging_no']);
  }

  async pendingCounts(client: string | null): Promise<PendingCounts> {
    const [row] = await this.database.read(this.selectPendingCounts, [client]);
    return { pending: Number(row?.['waiting']), staged: Number(row?.['staged']) };
  }

  async append(stagingNo: number, { packedIds, precedingIds }: StagedBlock, leaseMs: number): Promise<void> {
    const values = [stagingNo, toBuffer(packedIds), leaseMs, precedingIds];
    const rows = await this.database.write(this.appendStaged, values);
    if (rows.length === 0) {
      throw new StoreUnavailableError(`the staged list ${String(stagingNo)} was given up, or is not whole`);
    }
  }

  async renew(stagingNo: number, leaseMs: number): Promise<void> {
    await this.database.write(this.renewStaging, [stagingNo, leaseMs]);
  }

  async abandon(stagingNo: number): Promise<void> {
    await this.database.write(this.abandonStaged, [stagingNo]);
  }
}
