import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { usePostgres } from '../../../test/support/postgres-stores.js';
import { packIds } from '../../domain/packed-ids.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import { DEFAULT_LANE } from '../../domain/lane.js';

jest.setTimeout(60_000);

const CAP = 50;
const IDS = 3;

describe('Two replicas on PostgreSQL', () => {
  const postgres = usePostgres();

  function listOf(client: string | null): NewIngestion {
    return {
      ingestionId: randomUUID(),
      lane: DEFAULT_LANE,
      priority: 'LOW',
      client,
      packedIds: packIds([1, 2, 3]),
      pendingLimit: CAP,
    };
  }

  it.each(['alice', null])('let as many ids of %s wait as one would', async (client) => {
    const schema = postgres.emptySchema();
    const [one, other] = [await postgres.open({ schema }), await postgres.open({ schema })];
    const groups = Array.from({ length: 40 }, () => [
      listOf(client),
      ...(client === null ? [] : [listOf('bob')]),
    ]);
    const answers = await Promise.all(
      groups.map((group, i) => (i % 2 === 0 ? one : other).ingestions.acceptAll(group)),
    );
    const accepted = answers.flat().filter((answer) => answer.kind === 'accepted');
    const standing = await one.staging.pendingCounts(client);
    expect(standing.pending).toBe(CAP - (CAP % IDS));
    expect(accepted).toHaveLength(Math.floor(CAP / IDS) * (client === null ? 1 : 2));
  });
});
