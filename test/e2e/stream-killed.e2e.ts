import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { SqliteDatabase } from '../../src/storage/sqlite/database/database.js';
import { DATABASE_FILE } from '../../src/storage/sqlite/database/open-connection.js';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

/** Half of the bytes sent; some blocks are staged by then. */
const STAGED_BYTES = 400_000;

describe('A service that is killed while a list streams in', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();

  it('keeps what it answered, and nothing of the list', async () => {
    const dataDir = newFolder();
    const service = await start({ DATA_DIR: dataDir, BATCH_DELAY: '86400' });
    const kept = await fetch(`${service.url}/ingest/stream?priority=HIGH`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: '1\n2\n3\n4\n',
    });
    const { ingestion_id: ingestionId } = (await kept.json()) as { ingestion_id: string };
    const bytesBefore = bytesIn(dataDir);
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.on('error', () => undefined); // the service is killed
    const lines = '1234567\n'.repeat(100_000);
    socket.write(
      'POST /ingest/stream?priority=LOW HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n' +
        `Transfer-Encoding: chunked\r\n\r\n${lines.length.toString(16)}\r\n${lines}\r\n`,
    );
    while (bytesIn(dataDir) - bytesBefore < STAGED_BYTES) {
      await sleep(5);
    }
    await service.kill();
    expect(countsIn(dataDir)).toMatchObject({ ingestions: 1, staging: 1 });

    const store = SqliteStore.open(dataDir, new SystemRuntime());
    while (await store.maintenance.deleteExpired(Infinity)) {
      // The loop ends when nothing is left.
    }
    expect(await store.ingestions.findById(ingestionId)).toMatchObject({ total: 4 });
    await store.close();
    expect(countsIn(dataDir)).toEqual({ ingestions: 1, staging: 0, removal: 0, chunks: 1 });
  });
});

function bytesIn(dataDir: string): number {
  return statSync(join(dataDir, DATABASE_FILE)).size + statSync(join(dataDir, `${DATABASE_FILE}-wal`)).size;
}

function countsIn(dataDir: string): Record<string, unknown> {
  const database = SqliteDatabase.open(dataDir, new SystemRuntime());
  const rows = database
    .prepare(
      `SELECT (SELECT count(*) FROM ingestion) AS ingestions, (SELECT count(*) FROM staging) AS staging,
              (SELECT count(*) FROM removal) AS removal, (SELECT count(*) FROM chunk) AS chunks`,
    )
    .get();
  database.close();
  return { ...rows };
}
