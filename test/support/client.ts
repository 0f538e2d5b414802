import type supertest from 'supertest';
import type { Id } from '../../src/domain/packed-ids.js';
import type { Priority } from '../../src/domain/priority.js';
import { waitFor } from './wait-for.js';

type Headers = Readonly<Record<string, string>>;
type Send = (method: 'GET' | 'POST', path: string, headers: Headers, body?: string) => Promise<Answer>;

interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface StatusBody {
  readonly status: string;
  readonly [field: string]: unknown;
}

/** A client of a service in the test's process (supertest) or in another process at a URL (fetch). */
export class TestClient {
  private readonly send: Send;

  constructor(target: string | ReturnType<typeof supertest>) {
    this.send = typeof target === 'string' ? overFetch(target) : overSupertest(target);
  }

  /** Submits a list; resolves with its ingestion id. `fields` are further fields of the body. */
  async submit(
    ids: readonly (Id | string)[],
    priority: Priority = 'HIGH',
    fields: object = {},
  ): Promise<string> {
    const others = JSON.stringify({ priority, ...fields }).slice(1);
    const body = `{"ids":[${ids.join()}],${others}`; // written by hand: ids may exceed what a double holds
    const answer = await this.ask<{ ingestion_id: string }>('POST', '/ingest', body);
    return answer.ingestion_id;
  }

  /**
   * The JSON that a path answers with.
   * @throws Error when the answer is not 200.
   */
  get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.ask<T>('GET', path);
  }

  /**
   * The text that a path answers with.
   * @throws Error when the answer is not 200.
   */
  getText(path: string): Promise<string> {
    return this.askText('GET', path);
  }

  /** The status of an ingestion with its batches. */
  status(id: string): Promise<StatusBody> {
    return this.get<StatusBody>(`/status/${id}`);
  }

  /** Polls a path until `isReached` holds for its JSON, and resolves with that. */
  waitFor<T>(path: string, isReached: (body: T) => boolean): Promise<T> {
    return waitFor(`GET ${path} to answer so that ${String(isReached)}`, () => this.get<T>(path), isReached);
  }

  /** Polls the status of an ingestion until it is one of `wanted`, and resolves with it. */
  waitForStatus(id: string, ...wanted: readonly string[]): Promise<StatusBody> {
    return waitFor(
      `ingestion ${id} to be ${wanted.join(' or ')}`,
      () => this.status(id),
      ({ status }) => wanted.includes(status),
    );
  }

  /** @throws Error when the answer is not 200. */
  private async ask<T>(method: 'GET' | 'POST', path: string, body?: string): Promise<T> {
    return JSON.parse(await this.askText(method, path, body)) as T;
  }

  private async askText(method: 'GET' | 'POST', path: string, body?: string): Promise<string> {
    const { status, text } = await this.send(
      method,
      path,
      body === undefined ? {} : { 'content-type': 'application/json' },
      body,
    );
    if (status !== 200) {
      throw new Error(`${method} ${path} answered ${String(status)}: ${text}`);
    }
    return text;
  }
}

function overSupertest(request: ReturnType<typeof supertest>): Send {
  return async (method, path, headers, body) => {
    const asked = method === 'GET' ? request.get(path) : request.post(path);
    const { status, text } = await asked.set(headers).send(body);
    return { status, text };
  };
}

function overFetch(url: string): Send {
  return async (method, path, headers, body) => {
    const answer = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
    return { status: answer.status, text: await answer.text() };
  };
}
