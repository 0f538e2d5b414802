import { parse } from 'uuid';
import { countIds } from '../../../domain/packed-ids.js';
import { acceptanceByHolder } from '../../../domain/idempotency-replay.js';
import type { Acceptance, NewIngestion } from '../../../domain/ingestion.js';
import { toInMs } from '../../../domain/given-time.js';
import { formatLabel, toLabelsJson } from '../../../domain/labels.js';
import { SCHEDULED_RANK_OFFSET, toRank } from '../../../domain/priority.js';
import { IdChunks } from '../queue/id-chunks.js';
import { ClientPendingCounter } from '../queue/client-pending-counter.js';
import type { Timestamps } from '../queue/write-transitions.js';
import { PendingCounters, PendingDelta } from '../queue/pending-counters.js';
import type { SqliteDatabase } from '../database/database.js';
import type { ExpiringIngestions } from '../queue/expiring-ingestions.js';
import type { ScheduledIngestions } from '../queue/scheduled-ingestions.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { IdempotencyKeys } from './idempotency-keys.js';
import { StagedIngestions } from './staged-ingestions.js';

/** Inserts the ingestions of a group. Callers hold the transaction. */
export class GroupAcceptance {
  private readonly insertIngestion: PreparedStatement;
  private readonly insertCallback: PreparedStatement;
  private readonly insertLabel: PreparedStatement;
  private readonly chunks: IdChunks;
  private readonly stagedIngestions: StagedIngestions;
  private readonly clientPending: ClientPendingCounter;
  private readonly pendingCounters: PendingCounters;

  constructor(
    database: SqliteDatabase,
    private readonly laneIds: LaneIds,
    private readonly idempotencyKeys: IdempotencyKeys,
    private readonly schedule: ScheduledIngestions,
    private readonly expiry: ExpiringIngestions,
  ) {
    this.chunks = new IdChunks(database);
    this.stagedIngestions = new StagedIngestions(database);
    this.clientPending = new ClientPendingCounter(database);
    this.pendingCounters = new PendingCounters(database);
    this.insertIngestion = database.prepare(`
      INSERT INTO ingestion (
        ingestion_id, lane_no, rank, total, accepted_time, created_at, updated_at, chunks_of, client, labels, not_before, expires_at,
        units
      )
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    `);
    this.insertCallback = database.prepare('INSERT INTO callback (seq, url) VALUES (?, ?)');
    this.insertLabel = database.prepare(
      'INSERT INTO label (label, created_at, seq, client) VALUES (?, ?, ?, ?)',
    );
  }

  acceptGroup(group: readonly NewIngestion[], timestamps: Timestamps): Acceptance[] {
    const newly = new PendingDelta();
    const acceptances = group.map((ingestion) => this.accept(ingestion, timestamps, newly));
    this.pendingCounters.add(newly);
    this.idempotencyKeys.pruneSome(timestamps.nowMs);
    return acceptances;
  }

  private accept(ingestion: NewIngestion, { nowMs, wallMs }: Timestamps, newly: PendingDelta): Acceptance {
    const {
      ingestionId,
      lane,
      priority,
      client,
      packedIds,
      staged,
      callbackUrl,
      labels,
      notBefore,
      expiresAt,
      idempotency,
    } = ingestion;
    const acceptance = this.decideWithoutInsert(ingestion, nowMs, newly);
    if (acceptance !== null) {
      return acceptance;
    }
    const idBytes = parse(ingestionId);
    if (idempotency !== undefined) {
      this.idempotencyKeys.add(idempotency, idBytes, nowMs);
    }
    const laneNo = this.laneIds.toNumber(lane);
    const dueInMs = notBefore === undefined ? null : toInMs(notBefore, wallMs);
    const expiresInMs = expiresAt === undefined ? null : toInMs(expiresAt, wallMs);
    const isScheduled = dueInMs !== null && dueInMs > 0;
    const rank = toRank(priority) + (isScheduled ? SCHEDULED_RANK_OFFSET : 0);
    const ids = staged === undefined ? countIds(packedIds) : this.stagedIngestions.accept(staged);
    const { lastInsertRowid } = this.insertIngestion.run(
      idBytes,
      laneNo,
      rank,
      ids,
      nowMs,
      wallMs,
      staged === undefined ? null : -staged.stagingNo,
      client,
      toLabelsJson(labels),
      dueInMs === null ? null : Math.round(wallMs + dueInMs),
      expiresInMs === null ? null : Math.round(wallMs + expiresInMs),
      ingestion.units ?? 1,
    );
    const seq = Number(lastInsertRowid);
    newly.add({ laneNo, rank, seq, ids });
    if (isScheduled) {
      this.schedule.insert({ laneNo, rank, dueTime: nowMs + dueInMs, seq });
    }
    if (expiresInMs !== null) {
      this.expiry.insert(laneNo, nowMs + expiresInMs, idBytes);
    }
    this.clientPending.add(client, ids);
    this.chunks.insert(seq, packedIds);
    if (callbackUrl !== undefined) {
      this.insertCallback.run(seq, callbackUrl);
    }
    for (const label of Object.entries(labels ?? {})) {
      this.insertLabel.run(formatLabel(label), wallMs, seq, client);
    }
    return { kind: 'accepted', ingestionId };
  }

  /** Returns the result of an ingestion that is not accepted; null if it may be accepted. */
  private decideWithoutInsert(
    { client, packedIds, staged, idempotency, pendingLimit }: NewIngestion,
    nowMs: number,
    newly: PendingDelta,
  ): Acceptance | null {
    const holder = idempotency && this.idempotencyKeys.findHolder(idempotency.key, nowMs);
    if (idempotency !== undefined && holder !== undefined) {
      return acceptanceByHolder(idempotency, holder);
    }
    if (pendingLimit === undefined) {
      return null;
    }
    const pending = this.clientPending.read(client) + (client === null ? newly.ids : 0);
    const ids = staged === undefined ? countIds(packedIds) : this.stagedIngestions.sizeOf(staged.stagingNo);
    return pending + ids > pendingLimit ? { kind: 'refused', pending } : null;
  }
}
