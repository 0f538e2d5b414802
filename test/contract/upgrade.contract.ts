import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { parse } from 'uuid';
import { packIds } from '../../src/domain/packed-ids.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { PRIORITIES, type Priority } from '../../src/domain/priority.js';
import { migrate as migratePostgres } from '../../src/storage/postgres/database/migrate.js';
import { migrate as migrateSqlite } from '../../src/storage/sqlite/database/migrate.js';
import { DATABASE_FILE } from '../../src/storage/sqlite/database/open-connection.js';
import { makeFolder } from '../support/make-folder.js';
import { ManualClock } from '../support/manual-clock.js';
import { COMPLETED, Gate, idsOf } from './gate.js';
import { newSchema, openSchema } from './postgres.js';
import { STORES } from './stores.js';
import { openIn } from './sqlite.js';
import type { OpenStore } from './stores.js';

/** The schema versions before cancel, and before the sums that locate a position. */
const OLD = { SQLite: 7, PostgreSQL: 8 };
/** The number of lists, more than two buckets of the lowest level. */
const LISTS = 300;

/** A list of an older release: its first `taken` ids were sent, and the last of them has a retry pending. */
interface OldList {
  readonly seq: number;
  readonly ingestionId: string;
  readonly rank: number;
  readonly total: number;
  readonly taken: number;
}

const LISTS_LEFT: readonly OldList[] = Array.from({ length: LISTS }, (_, i) => ({
  seq: i + 1,
  ingestionId: randomUUID(),
  rank: i % 3,
  total: 1 + (i % 7),
  taken: i % 5 === 0 ? Math.min(2, 1 + (i % 7)) : 0,
}));

const ingestionOf = ({ seq, rank, total, taken }: OldList): number[] => [seq, rank, total, taken];
const idOf = ({ seq }: OldList, position: number): bigint => BigInt(seq * 1000 + position);
const idsPacked = (list: OldList): Uint8Array =>
  packIds(Array.from({ length: list.total }, (_, position) => idOf(list, position)));
const isBegun = ({ taken }: OldList): boolean => taken > 0;

function leaveSqlite(): Promise<OpenStore> {
  const folder = makeFolder();
  const database = new DatabaseSync(join(folder, DATABASE_FILE));
  migrateSqlite(database, OLD.SQLite);
  const ingestion = database.prepare(`
    INSERT INTO ingestion (seq, rank, total, taken, batches, completed, ingestion_id, accepted_time, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, min(?4, 1), max(?4 - 1, 0), ?5, 0, 0, 0)
  `);
  const chunk = database.prepare('INSERT INTO chunk (chunk_key, packed_ids) VALUES (? << 20, ?)');
  const batch = database.prepare(
    'INSERT INTO batch (seq, batch_no, first, size, completed) VALUES (?1, 0, 0, ?2, ?2 - 1)',
  );
  const retry = database.prepare(
    'INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures) VALUES (1, ?, 0, ?, ? - 1, 0, 1)',
  );
  for (const list of LISTS_LEFT) {
    ingestion.run(...ingestionOf(list), parse(list.ingestionId));
    chunk.run(list.seq, idsPacked(list));
  }
  for (const { seq, rank, taken } of LISTS_LEFT.filter(isBegun)) {
    batch.run(seq, taken);
    retry.run(rank, seq, taken);
  }
  database.close();
  return Promise.resolve(openIn(folder, new ManualClock()));
}

async function leavePostgres(): Promise<OpenStore> {
  const place = newSchema();
  const client = new Client({ connectionString: place.url });
  await client.connect();
  try {
    await migratePostgres(client, place.schema, OLD.PostgreSQL);
    await client.query(`SET search_path = "${place.schema}"`);
    for (const list of LISTS_LEFT) {
      await client.query(
        `INSERT INTO ingestion (seq, rank, total, taken, batches, completed, ingestion_id, accepted_time, created_at, updated_at)
         VALUES ($1, $2, $3, $4::int, least($4::int, 1), greatest($4::int - 1, 0), $5, 0, 0, 0)`,
        [...ingestionOf(list), list.ingestionId],
      );
      await client.query('INSERT INTO chunk (chunk_key, packed_ids) VALUES ($1::bigint << 20, $2)', [
        list.seq,
        Buffer.from(idsPacked(list)),
      ]);
    }
    await client.query(`
      INSERT INTO waiting (lane_no, rank, seq) SELECT 1, rank, seq FROM ingestion WHERE taken < total;
      INSERT INTO batch (seq, batch_no, first, size, completed)
        SELECT seq, 0, 0, taken, taken - 1 FROM ingestion WHERE taken > 0;
      INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures)
        SELECT 1, rank, 0, seq, taken - 1, 0, 1 FROM ingestion WHERE taken > 0;
      SELECT setval('ingestion_seq', ${String(LISTS)});
    `);
  } finally {
    await client.end();
  }
  return openSchema(place);
}

describe.each(STORES.map(({ name }) => [name, name === 'SQLite' ? leaveSqlite : leavePostgres] as const))(
  'A filled store of an older release, on %s,',
  (name, leave) => {
    const gate = new Gate({ name, open: leave });
    afterEach(() => gate.close());

    /** Sums `of` over the lists that match. */
    const sum = (of: (list: OldList) => number, matches: (list: OldList) => boolean): number =>
      LISTS_LEFT.filter(matches).reduce((total, list) => total + of(list), 0);
    const waiting = ({ total, taken }: OldList): number => total - taken;

    it('is opened with exact totals and places, and is emptied in its order', async () => {
      await gate.open();
      const ofRank = (rank: number): number => sum(waiting, (list) => list.rank === rank);
      expect(await gate.store.queue.stats(DEFAULT_LANE)).toMatchObject({
        pending: { HIGH: ofRank(0), MEDIUM: ofRank(1), LOW: ofRank(2) },
        pendingRetries: LISTS_LEFT.filter(isBegun).length,
      });
      for (const { seq, rank } of LISTS_LEFT) {
        const { pendingAhead } = await gate.store.ingestions.positionOf(DEFAULT_LANE, priorityOf(rank), seq);
        const ahead = sum(waiting, (other) => other.rank < rank || (other.rank === rank && other.seq < seq));
        expect([seq, pendingAhead]).toEqual([seq, ahead]);
      }
      const drained: bigint[] = [];
      for (let claim = await gate.claim({ batchSize: 100 }); claim.kind === 'dispatch';) {
        drained.push(...idsOf(claim.dispatch));
        await gate.settle(claim.dispatch, COMPLETED);
        claim = await gate.claim({ batchSize: 100 });
      }
      const expected = [0, 1, 2].flatMap((rank) => {
        const lists = LISTS_LEFT.filter((list) => list.rank === rank);
        return [
          ...lists.filter(isBegun).map((list) => idOf(list, list.taken - 1)),
          ...lists.flatMap((list) =>
            Array.from({ length: waiting(list) }, (_, i) => idOf(list, list.taken + i)),
          ),
        ];
      });
      expect(drained).toEqual(expected);
      for (const { ingestionId, total } of LISTS_LEFT) {
        expect(await gate.store.ingestions.findById(ingestionId)).toMatchObject({ total, completed: total });
      }
      expect((await gate.store.queue.stats(DEFAULT_LANE)).pending).toEqual({ HIGH: 0, MEDIUM: 0, LOW: 0 });
    });
  },
);

/** The schema versions before deliveries recorded their client. */
const BEFORE_DELIVERY_CLIENTS = { SQLite: 16, PostgreSQL: 17 };
const OF_A = randomUUID();
const OF_NOBODY = randomUUID();

function leaveSqliteDeliveries(): Promise<OpenStore> {
  const folder = makeFolder();
  const database = new DatabaseSync(join(folder, DATABASE_FILE));
  migrateSqlite(database, BEFORE_DELIVERY_CLIENTS.SQLite);
  const ingestion = database.prepare(`
    INSERT INTO ingestion (ingestion_id, client, rank, total, taken, completed, accepted_time, created_at, updated_at)
    VALUES (?, ?, 0, 1, 1, 1, 0, 0, 0)
  `);
  const delivery = database.prepare(`
    INSERT INTO webhook_delivery (delivery_id, ingestion_id, url, rank, total, completed, failed, ended_at)
    VALUES (?1, ?2, 'https://example.com/', 0, 1, 1, 0, 0)
  `);
  for (const [id, client] of [
    [OF_A, 'a'],
    [OF_NOBODY, null],
  ] as const) {
    ingestion.run(parse(id), client);
    delivery.run(randomUUID(), parse(id));
  }
  database.close();
  return Promise.resolve(openIn(folder, new ManualClock()));
}

async function leavePostgresDeliveries(): Promise<OpenStore> {
  const place = newSchema();
  const connection = new Client({ connectionString: place.url });
  await connection.connect();
  try {
    await migratePostgres(connection, place.schema, BEFORE_DELIVERY_CLIENTS.PostgreSQL);
    await connection.query(`SET search_path = "${place.schema}"`);
    await connection.query(
      `INSERT INTO ingestion (seq, ingestion_id, client, rank, total, taken, completed, accepted_time, created_at, updated_at)
       VALUES (1, $1, 'a', 0, 1, 1, 1, 0, 0, 0), (2, $2, NULL, 0, 1, 1, 1, 0, 0, 0)`,
      [OF_A, OF_NOBODY],
    );
    await connection.query(`
      INSERT INTO webhook_delivery (ingestion_id, url, rank, total, completed, failed, ended_at)
      SELECT ingestion_id, 'https://example.com/', 0, 1, 1, 0, 0 FROM ingestion
    `);
  } finally {
    await connection.end();
  }
  return openSchema(place);
}

describe.each(
  STORES.map(
    ({ name }) => [name, name === 'SQLite' ? leaveSqliteDeliveries : leavePostgresDeliveries] as const,
  ),
)('Deliveries that an older release left, on %s,', (name, leave) => {
  const gate = new Gate({ name, open: leave });
  afterEach(() => gate.close());

  it('belong to the client of their ingestion, and to none where it has none', async () => {
    await gate.open();
    const { deliveries } = gate.store;
    const ofOthers = await deliveries.claim(10, 60_000, { clients: ['a'], hosts: [] });

    expect(ofOthers).toMatchObject([{ ingestionId: OF_NOBODY, client: null }]);
    expect(await deliveries.claim(10, 60_000)).toMatchObject([{ ingestionId: OF_A, client: 'a' }]);
  });
});

function priorityOf(rank: number): Priority {
  return PRIORITIES[rank] ?? 'LOW';
}
