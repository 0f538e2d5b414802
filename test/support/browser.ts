import { existsSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { Priority } from '../../src/domain/priority.js';
import { TestClient } from './client.js';
import { idRange } from './lists.js';

const CHROMIUM = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/lib/chromium/chromium-headless-shell', // opens a page in half of the processor time
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

if (CHROMIUM === undefined) {
  process.stderr.write('SKIPPED: the browser tests, as no Chromium was found (CHROMIUM_PATH names one)\n');
}

/** A block that is skipped if there is no browser. */
export const describeInBrowser = CHROMIUM === undefined ? describe.skip : describe;

export const PATIENT = { timeout: 60_000 };

type ContextOptions = Parameters<Browser['newContext']>[0];

/**
 * Starts a browser for the tests of a block; each test has its own pages, which are closed after it (or after all, if `closeWith`
 * says so).
 */
export function usePages(
  closeWith: typeof afterEach = afterEach,
): (options?: ContextOptions) => Promise<Page> {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: String(CHROMIUM),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
  }, PATIENT.timeout);
  closeWith(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(() => browser.close());
  return async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENT.timeout);
    contexts.push(context);
    return context.newPage();
  };
}

/** As {@link usePages}; opens an address in each page, which must not throw errors. */
export function useBrowser(): (address: string, options?: ContextOptions) => Promise<Page> {
  const newPage = usePages();
  const errors: string[] = [];
  afterEach(() => {
    expect(errors.splice(0)).toEqual([]);
  });
  return async (address, options) => {
    const page = await newPage(options);
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    return page;
  };
}

/** Starts proxies that serve the service under a path; `cut` ends their connections. */
export function useProxies(): (prefix: string, url: string) => Promise<{ url: string; cut: () => void }> {
  const proxies: Server[] = [];
  afterEach(() => {
    for (const proxy of proxies.splice(0)) {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
  return async (prefix, url) => {
    const server = createServer((incoming, outgoing) => {
      const path = incoming.url?.startsWith(prefix) === true ? incoming.url.slice(prefix.length) : '/nowhere';
      const { method, headers } = incoming;
      const onward = forward(new URL(path, url), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    proxies.push(server);
    return {
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${prefix}`,
      cut: () => {
        server.closeAllConnections();
      },
    };
  };
}

export const idsTo = (count: number): string => idRange(1, count).join();

/** Submits a list in a lane; resolves with its ingestion id. `ids` are separated by commas. */
export function ingest(url: string, ids: string, priority: Priority, lane = 'default'): Promise<string> {
  return new TestClient(url).submit(ids.split(','), priority, { lane });
}

/** Changes settings of a lane. */
export function changeLane(url: string, lane: string, settings: object): Promise<Response> {
  return fetch(`${url}/lanes/${lane}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}
