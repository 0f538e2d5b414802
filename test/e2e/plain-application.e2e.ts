import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { MockExternalApi } from '../../src/external-api/mock-external-api.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { writeKeys } from '../support/api-keys.js';
import { ScriptedApi } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';

const newFolder = useTempFolders();
let app: INestApplication;

/**
 * Starts the application as a plain caller does: `createNestApplication` and `init` on Nest's HTTP adapter.
 */
async function start(
  variables: Readonly<Record<string, string>> = {},
): Promise<ReturnType<typeof supertest>> {
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Configuration)
    .useValue(Configuration.read({ DATA_DIR: newFolder(), SHUTDOWN_GRACE: '0', ...variables }))
    .overrideProvider(MockExternalApi)
    .useValue(new ScriptedApi())
    .compile();
  app = module.createNestApplication({ bodyParser: false, logger: false });
  await app.init();
  return supertest(app.getHttpServer());
}

afterEach(async () => {
  await app.close();
});

it('An application that was only created and initialised answers in the form of the contract', async () => {
  const request = await start();

  const { headers } = await request.get('/health').expect(200);
  expect(headers).toMatchObject({
    'x-request-id': expect.any(String),
    'x-content-type-options': 'nosniff',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  await request
    .get('/nowhere')
    .expect(404)
    .expect('Content-Type', /^application\/problem\+json/);
  await request.delete('/ingest').expect(405).expect('Allow', 'POST');
  await request
    .post('/ingest')
    .send({ ids: ['no id'] })
    .expect(422);
  await request.get('/docs').expect(200);
  const document = await request.get('/openapi.json').expect(200);
  expect(document.body.paths).toHaveProperty('/ingest');
});

it('An application that was only created and initialised asks for keys and holds limits', async () => {
  const file = join(newFolder(), 'keys.json');
  const { reader } = await writeKeys(file, { reader: ['read'] });
  const request = await start({ API_KEYS_FILE: file, RATE_LIMIT_REQUESTS: '2' });
  const list = { ids: [1], priority: 'LOW' };

  await request
    .post('/ingest')
    .send(list)
    .expect(401)
    .expect('WWW-Authenticate', /^Bearer /);
  await request.post('/ingest').set('X-API-Key', reader).send(list).expect(403);
  await request.get('/whoami').set('X-API-Key', reader).expect(200);
  await request.get('/whoami').set('X-API-Key', reader).expect(200);
  await request.get('/whoami').set('X-API-Key', reader).expect(429).expect('Retry-After', /^\d+$/);
});
