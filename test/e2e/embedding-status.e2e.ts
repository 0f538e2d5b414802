import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  LaneHandler,
  OnIngestionFinished,
  Sluice,
  SluiceModule,
  type FinishedList,
} from '../../src/index.js';
import { RecordingHandler } from '../../src/testing.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

/** The part of the OpenAPI document that is read here. */
interface ServedDocument {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
  };
}

const LABELS = { shop: 'berlin' };

describe('The status of a list for the application around Sluice', () => {
  const newFolder = useTempFolders();
  const handler = new RecordingHandler();
  const finished: FinishedList[] = [];
  let app: INestApplication;
  let url: string;

  @LaneHandler('default')
  class Contacts {
    handle = handler.handle.bind(handler);

    @OnIngestionFinished()
    onFinished(list: FinishedList): void {
      finished.push(list);
    }
  }

  beforeEach(async () => {
    finished.length = 0;
    const sluice = SluiceModule.forRoot({ dataDir: newFolder(), http: { path: '/sluice' } });
    @Module({ imports: [sluice], providers: [Contacts] })
    class HostModule {}
    const module = await Test.createTestingModule({ imports: [HostModule] }).compile();
    app = module.createNestApplication();
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/sluice`;
  });
  afterEach(() => app.close());

  async function read<T>(path: string, init?: RequestInit): Promise<T> {
    return (await (await fetch(url + path, init)).json()) as T;
  }

  it('has every field that the HTTP status has', async () => {
    const { components } = await read<ServedDocument>('/openapi.json');
    const fieldsOf = (schema: string): string[] =>
      Object.keys(components.schemas[schema]?.properties ?? {}).map(toCamelCase);
    await read('/queue/pause', { method: 'POST' });
    const { ingestionId } = await app.get(Sluice).submit('default', [1]);
    const status = await app.get(Sluice).status(ingestionId);

    const flat = fieldsOf('StatusHeadResponse').filter((name) => name !== 'progress');
    expect(Object.keys(status).sort()).toEqual([...flat, ...fieldsOf('ProgressResponse')].sort());
    expect(Object.keys(status.heldBy ?? {}).sort()).toEqual(fieldsOf('HeldByResponse').sort());
    expect(status.heldBy).toMatchObject({ kind: 'paused', since: expect.any(Date), until: null });
    expect(status.estimateUnknown).toBe('paused');
  });

  it('has the values that the HTTP status has', async () => {
    const options = { labels: LABELS, units: 7, notBefore: 3600, expiresAt: 7200 } as const;
    const { ingestionId } = await app.get(Sluice).submit('default', [1, 2], options);
    const status = await app.get(Sluice).status(ingestionId);
    const served = await read<Record<string, string>>(`/status/${ingestionId}?batches=none`);

    expect(status).toMatchObject({ labels: LABELS, units: 7, cancelReason: null, percent: 0, total: 2 });
    for (const [name, date] of [
      ['not_before', status.notBefore],
      ['expires_at', status.expiresAt],
      ['created_at', status.createdAt],
      ['last_updated_at', status.lastUpdatedAt],
      ['estimated_start_at', status.estimatedStartAt],
    ] as const) {
      expect(date?.toISOString()).toBe(served[name]);
    }
  });

  it('tells the end of a list with its labels and the reason of a cancellation', async () => {
    const options = { labels: LABELS, notBefore: 3600, expiresAt: 0.2 } as const;
    const { ingestionId } = await app.get(Sluice).submit('default', [1, 2], options);
    await waitFor('the end of the list', () => finished.length === 1);

    expect(finished[0]).toEqual({
      ingestionId,
      priority: 'MEDIUM',
      status: 'cancelled',
      labels: LABELS,
      cancelReason: 'expired',
      total: 2,
      completed: 0,
      failed: 0,
      cancelled: 2,
    });
    expect(await app.get(Sluice).status(ingestionId)).toMatchObject({ cancelReason: 'expired' });
  });
});

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
