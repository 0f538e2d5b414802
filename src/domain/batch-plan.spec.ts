import { describe, expect, it } from '@jest/globals';
import { toBatchId } from './batch-id.js';
import { countBatches, planBatches } from './batch-plan.js';
import { toIngestionStatus } from './batch-status.js';
import type { IngestionRecord, StartedBatch } from './ingestion.js';

const INGESTION_ID = '019ab3f2-7c1d-7e55-9a10-0000000000fe';
const NEW: IngestionRecord = {
  seq: 1,
  ingestionId: INGESTION_ID,
  lane: 'default',
  priority: 'LOW',
  client: null,
  labels: null,
  notBeforeMs: null,
  isScheduled: false,
  listedSeq: 1,
  expiresAtMs: null,
  cancelReason: null,
  total: 8,
  dispatched: 0,
  batches: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  cancelledAtMs: null,
  createdAtMs: 0,
  updatedAtMs: 0,
  units: 1,
};
const IN_FLIGHT: StartedBatch = { first: 0, size: 3, completed: 0, failed: 0, cancelled: 0, error: null };

/** The same ingestion, after two batches of 2 ids each. */
const BEGUN: IngestionRecord = { ...NEW, dispatched: 4, batches: 2 };
const FIRST: StartedBatch = { ...IN_FLIGHT, size: 2, completed: 2 };
const SECOND: StartedBatch = { ...IN_FLIGHT, first: 2, size: 2, completed: 1 };

function statusOf(batch: Partial<StartedBatch>): string | undefined {
  const ingestion = { ...NEW, total: 3, dispatched: 3, batches: 1 };
  return planBatches({ ingestion, started: [{ ...IN_FLIGHT, ...batch }] }, 3)[0]?.status;
}

describe('The batches of an ingestion', () => {
  it('hold the ids in groups of the batch size, the last one the rest', () => {
    const planned = planBatches({ ingestion: NEW, started: [] }, 3);
    expect(planned.map(({ first, size }) => [first, size])).toEqual([
      [0, 3],
      [3, 3],
      [6, 2],
    ]);
    expect(planned).toHaveLength(countBatches(NEW, 3));
    expect(planned[0]).toEqual({
      batchId: toBatchId(INGESTION_ID, 0),
      first: 0,
      size: 3,
      status: 'yet_to_start',
      error: null,
    });
  });

  it('that have begun stay as they were sent, and the rest is planned after them', () => {
    const batches = planBatches({ ingestion: BEGUN, started: [FIRST, SECOND] }, 3);
    expect(batches.map(({ first, size, status }) => [first, size, status])).toEqual([
      [0, 2, 'completed'],
      [2, 2, 'triggered'],
      [4, 3, 'yet_to_start'],
      [7, 1, 'yet_to_start'],
    ]);
    expect(batches).toHaveLength(countBatches(BEGUN, 3));
  });

  it('are read in parts that together are the whole', () => {
    const whole = planBatches({ ingestion: BEGUN, started: [FIRST, SECOND] }, 3);
    expect(planBatches({ ingestion: BEGUN, started: [SECOND] }, 3, 1, 2)).toEqual(whole.slice(1, 3));
    expect(planBatches({ ingestion: BEGUN, started: [] }, 3, 3, 5)).toEqual(whole.slice(3));
    expect(planBatches({ ingestion: BEGUN, started: [] }, 3, 4, 5)).toEqual([]);
  });

  it('that have not begun are cancelled with their ingestion', () => {
    const ingestion: IngestionRecord = { ...BEGUN, cancelledAtMs: 0, cancelled: 4 };
    const batches = planBatches({ ingestion, started: [FIRST, SECOND] }, 3);
    expect(batches.map(({ status }) => status)).toEqual(['completed', 'triggered', 'cancelled', 'cancelled']);
  });

  it('end once each of their ids has ended, and say how', () => {
    expect(statusOf({ completed: 2 })).toBe('triggered');
    expect(statusOf({ completed: 1, failed: 1 })).toBe('triggered');
    expect(statusOf({ completed: 1, cancelled: 1 })).toBe('triggered');
    expect(statusOf({ completed: 3 })).toBe('completed');
    expect(statusOf({ completed: 2, failed: 1 })).toBe('failed');
    expect(statusOf({ completed: 1, failed: 1, cancelled: 1 })).toBe('cancelled');
  });

  it('show the error of an id that failed', () => {
    const started = [{ ...IN_FLIGHT, completed: 2, failed: 1, error: 'no such id' }];
    const ingestion = { ...NEW, total: 3, dispatched: 3, batches: 1 };
    expect(planBatches({ ingestion, started }, 3)[0]?.error).toBe('no such id');
  });
});

describe('The status of an ingestion', () => {
  it('is that of all its ids, and counts those that were never sent', () => {
    expect(toIngestionStatus(NEW)).toBe('yet_to_start');
    expect(toIngestionStatus({ ...NEW, dispatched: 3 })).toBe('triggered');
    expect(toIngestionStatus({ ...NEW, dispatched: 8, completed: 7 })).toBe('triggered');
    expect(toIngestionStatus({ ...NEW, dispatched: 8, completed: 8 })).toBe('completed');
    expect(toIngestionStatus({ ...NEW, cancelledAtMs: 0, cancelled: 8 })).toBe('cancelled');
  });
});

describe('The id of a batch', () => {
  it('is the id of the ingestion in version 8, counted on by its number', () => {
    expect(toBatchId(INGESTION_ID, 0)).toBe('019ab3f2-7c1d-8e55-9a10-0000000000ff');
    expect(toBatchId(INGESTION_ID, 1)).toBe('019ab3f2-7c1d-8e55-9a10-000000000100');
  });

  it('starts its last group anew after the largest', () => {
    expect(toBatchId('019ab3f2-7c1d-7e55-9a10-ffffffffffff', 0)).toBe('019ab3f2-7c1d-8e55-9a10-000000000000');
  });
});
