import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { MockExternalApi } from '../../src/external-api/mock-external-api.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { advanceTime } from '../support/advance-time.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';

const CALL_MS = 2000;

const newFolder = useTempFolders();
let app: INestApplication;
let externalApi: ScriptedApi;
let t0: number;

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  externalApi = new ScriptedApi(succeedAfter(CALL_MS));
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Configuration)
    .useValue(Configuration.read({ DATA_DIR: newFolder() })) // the default settings: 3 ids every 5 s
    .overrideProvider(MockExternalApi)
    .useValue(externalApi)
    .compile();
  app = module.createNestApplication({ bodyParser: false, logger: false });
  await app.init();
  t0 = Date.now();
});

afterEach(async () => {
  const closed = app.close();
  await advanceTime(60_000); // the stop waits for calls in flight, and the timers are Jest's
  await closed;
  jest.useRealTimers();
});

/** Posts a list of ids; resolves with its ingestion_id. */
async function ingest(ids: number[], priority: string): Promise<string> {
  const response = await supertest(app.getHttpServer()).post('/ingest').send({ ids, priority }).expect(200);
  return response.body.ingestion_id as string;
}

interface Status {
  status: string;
  batches: { batch_id: string; ids: number[]; status: string }[];
}

async function getStatus(ingestionId: string): Promise<Status> {
  const response = await supertest(app.getHttpServer()).get(`/status/${ingestionId}`).expect(200);
  return response.body as Status;
}

/** Resolves with the status of an ingestion, then the ids and the status of each batch. */
async function status(ingestionId: string): Promise<unknown[]> {
  const body = await getStatus(ingestionId);
  return [body.status, ...body.batches.map((batch) => [batch.ids, batch.status])];
}

/** Returns the calls of the external API: seconds since T0, and the ids. */
function calls(): unknown[] {
  return externalApi.calls.map(({ atMs, ids }) => [(atMs - t0) / 1000, ids.map(Number)]);
}

it('sends 1,2,3 at T0, 6,7,8 at T5 and 9,4,5 at T10', async () => {
  // T0
  const medium = await ingest([1, 2, 3, 4, 5], 'MEDIUM');
  await advanceTime(0);
  expect(calls()).toEqual([[0, [1, 2, 3]]]);
  expect(await status(medium)).toEqual(['triggered', [[1, 2, 3], 'triggered'], [[4, 5], 'yet_to_start']]);

  // T4
  await advanceTime(4000);
  expect(await status(medium)).toEqual(['triggered', [[1, 2, 3], 'completed'], [[4, 5], 'yet_to_start']]);
  const high = await ingest([6, 7, 8, 9], 'HIGH');
  expect(await status(high)).toEqual(['yet_to_start', [[6, 7, 8], 'yet_to_start'], [[9], 'yet_to_start']]);

  // T5
  await advanceTime(999);
  expect(calls()).toHaveLength(1);
  await advanceTime(1);
  expect(calls().at(-1)).toEqual([5, [6, 7, 8]]);

  // T10
  await advanceTime(4999);
  expect(calls()).toHaveLength(2);
  await advanceTime(1);
  expect(calls().at(-1)).toEqual([10, [9, 4, 5]]);
  expect(await status(high)).toEqual(['triggered', [[6, 7, 8], 'completed'], [[9], 'triggered']]);

  // The end
  await advanceTime(60_000);
  expect(await status(high)).toEqual(['completed', [[6, 7, 8], 'completed'], [[9], 'completed']]);
  expect(await status(medium)).toEqual(['completed', [[1, 2, 3], 'completed'], [[4, 5], 'completed']]);
  expect(calls()).toHaveLength(3);
});

it('keeps the id of each batch from its acceptance to its end', async () => {
  const medium = await ingest([1, 2, 3, 4, 5], 'MEDIUM');
  const accepted = await getStatus(medium);
  await ingest([6, 7, 8, 9], 'HIGH');
  await advanceTime(CALL_MS);
  expect(await status(medium)).toEqual(['triggered', [[1, 2, 3], 'completed'], [[4, 5], 'yet_to_start']]);

  await advanceTime(60_000);
  const ended = await getStatus(medium);
  expect(ended.status).toBe('completed');
  expect(ended.batches.map((batch) => batch.batch_id)).toEqual(
    accepted.batches.map((batch) => batch.batch_id),
  );
});
