import { afterEach, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { DnsLookup } from '../../src/platform/dns/dns-lookup.js';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { MockExternalApi } from '../../src/external-api/mock-external-api.js';
import { DnsHostResolver, HostResolver } from '../../src/webhooks/host-resolver.js';
import { TestClient } from './client.js';
import { ScriptedApi } from './scripted-api.js';
import { useTempFolders } from './temp-folder.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';

export interface TestApp {
  readonly app: NestExpressApplication;
  readonly api: ScriptedApi;
  readonly request: ReturnType<typeof supertest>;
  readonly client: TestClient;
  readonly dataDir: string;
}

type Variables = Readonly<Record<string, string>>;

/**
 * Starts the service in the test's process with a new store and a scripted upstream, until the test ends (or all have, if
 * `closeWith` says so).
 */
export function useApps(
  closeWith: typeof afterEach = afterEach,
): (variables?: Variables, api?: ScriptedApi, resolver?: HostResolver) => Promise<TestApp> {
  const apps: NestExpressApplication[] = [];
  closeWith(async () => {
    const closed = Promise.all(apps.splice(0).map((app) => app.close()));
    if ('clock' in setTimeout) {
      await jest.advanceTimersByTimeAsync(1); // the timers are jest's: the grace of the stop must pass
    }
    await closed;
  });
  const newFolder = useTempFolders(); // it removes them after the apps have closed
  return async (
    variables = {},
    api = new ScriptedApi(),
    resolver = new DnsHostResolver(new DnsLookup(new SystemRuntime())),
  ) => {
    const dataDir = newFolder();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Configuration)
      .useValue(Configuration.read({ SHUTDOWN_GRACE: '0', DATA_DIR: dataDir, ...variables }))
      .overrideProvider(MockExternalApi)
      .useValue(api)
      .overrideProvider(HostResolver)
      .useValue(resolver)
      .compile();
    const app = module.createNestApplication<NestExpressApplication>(new FastExpressAdapter(), {
      bodyParser: false,
      logger: false,
    });
    await app.init();
    apps.push(app);
    const request = supertest(app.getHttpServer());
    return { app, api, request, client: new TestClient(request), dataDir };
  };
}
