import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';

const EVERY_MS = 10;
const DEADLOCK_DETECTED = '40P01';

/** What replicas of the earliest release do with the store, with the tables and locks of their statements. */
const PROBES: Readonly<Record<string, readonly string[]>> = {
  'a reader of the lists': ['SELECT 1 FROM ingestion LIMIT 1'],
  'an acceptance': [
    `WITH fresh AS MATERIALIZED (SELECT nextval('ingestion_seq') AS seq),
     kept AS (
       INSERT INTO ingestion (seq, ingestion_id, rank, total, accepted_time, created_at, updated_at)
       SELECT seq, gen_random_uuid(), 1, 5, store_now(), round(store_now()), round(store_now()) FROM fresh
     ),
     queued AS (INSERT INTO waiting (lane_no, rank, seq) SELECT 1, 1, seq FROM fresh),
     counted AS (
       INSERT INTO waiting_sum AS sums (lane_no, rank, level, bucket, stripe, ids)
       SELECT 1, 1, level, seq >> (7 * level), 1, 5 FROM fresh, generate_series(1, 3) AS level
       ON CONFLICT (lane_no, rank, level, bucket, stripe) DO UPDATE SET ids = sums.ids + excluded.ids
     )
     INSERT INTO chunk (chunk_key, packed_ids)
     SELECT seq << 20, (SELECT packed_ids FROM chunk WHERE chunk_key = 5 << 20) FROM fresh`,
  ],
  // These are rolled back: nothing sends these ids.
  'a claim': [
    'BEGIN',
    `WITH mine AS (UPDATE gate SET turn = turn + 1 WHERE lane_no = 1 RETURNING turn),
     head AS MATERIALIZED (
       SELECT seq, batches, taken FROM ingestion WHERE seq = (
         SELECT seq FROM waiting WHERE lane_no = 1 AND rank = 2 ORDER BY seq LIMIT 1
       ) FOR NO KEY UPDATE
     ),
     begun AS (
       INSERT INTO dispatch (dispatch_id, lane_no, begun_at, lease_ends_time)
       SELECT gen_random_uuid(), 1, round(store_now()), store_now() + 60000 FROM mine RETURNING dispatch_no
     ),
     parts AS (
       INSERT INTO dispatch_part (dispatch_no, part_no, seq, batch_no, first, size, failures)
       SELECT dispatch_no, 0, seq, batches, taken, 1, 0 FROM begun, head
     ),
     batches AS (INSERT INTO batch (seq, batch_no, first, size) SELECT seq, batches, taken, 1 FROM head)
     UPDATE ingestion SET taken = ingestion.taken + 1, batches = ingestion.batches + 1, updated_at = round(store_now())
     FROM head WHERE ingestion.seq = head.seq`,
    'ROLLBACK',
  ],
  'an outcome that fails for good': [
    'BEGIN',
    `WITH letter AS (
       INSERT INTO dead_letter (seq, position, batch_no, failures, kind, message, died_at)
       SELECT 2, 4000000, 0, 3, 'upstream', 'simulated failure', round(store_now())
     )
     UPDATE ingestion SET failed = failed + 1, updated_at = round(store_now()) WHERE seq = 2`,
    'ROLLBACK',
  ],
};

/** Does these again and again, each on a connection of its own; resolves with a line for each, with the longest time of one. */
export function measureWaits(url: string, signal: AbortSignal): Promise<string[]> {
  return Promise.all(
    Object.entries(PROBES).map(async ([name, statements]) => {
      const { longestMs, times, deadlocks } = await repeat(url, statements, signal);
      return (
        `${name} waited for ${longestMs.toFixed(0)} ms at the most, of ${String(times)} times` +
        (deadlocks === 0 ? '' : `; ended by ${String(deadlocks)} deadlocks with the migrations, and repeated`)
      );
    }),
  );
}

interface Waits {
  readonly longestMs: number;
  readonly times: number;
  readonly deadlocks: number;
}

async function repeat(url: string, statements: readonly string[], signal: AbortSignal): Promise<Waits> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('SET search_path = sluice; SET synchronous_commit = off');
  let longestMs = 0;
  let times = 0;
  let deadlocks = 0;
  while (!signal.aborted) {
    const beganMs = performance.now();
    while (!(await isDone(client, statements))) {
      deadlocks += 1;
    }
    if (performance.now() - beganMs > 400)
      console.log(
        (beganMs / 1000).toFixed(1),
        (performance.now() - beganMs).toFixed(0),
        (statements.at(-2) ?? statements[0] ?? '').slice(0, 40),
      );
    longestMs = Math.max(longestMs, performance.now() - beganMs);
    times += 1;
    await sleep(EVERY_MS);
  }
  await client.end();
  return { longestMs, times, deadlocks };
}

/** Resolves with false if the server ended the transaction because of a deadlock: the service repeats it then. */
async function isDone(client: Client, statements: readonly string[]): Promise<boolean> {
  try {
    for (const statement of statements) {
      await client.query(statement);
    }
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === DEADLOCK_DETECTED)) {
      throw error;
    }
    await client.query('ROLLBACK');
    return false;
  }
}
