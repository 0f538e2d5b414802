import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ENTRIES = ['dist/main.js', 'dist/commands/sluice.command.js', 'bundle/main.js', 'bundle/sluice.js'];
const LINE = /^sluice needs Node\.js 24\.16 or later \(LTS\), or 26 or later; this is v[\d.]+\n$/;

/** A Node.js outside this repository; undefined if there is none or it is not older. */
function findOldNode(): string | undefined {
  const candidates = ['/usr/bin/node', '/usr/local/bin/node'].filter((node) => existsSync(node));
  return candidates.find((node) => {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout;
    return /^v(?:1[4-9]|2[0-3])\./.test(version);
  });
}

const oldNode = findOldNode();

describe('On an older Node.js', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-old-node-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(ENTRIES)('%s ends with one line that names what is needed', (entry) => {
    const fake = `Object.defineProperty(process, 'version', { value: 'v22.1.0' });`;
    const preload = `data:text/javascript,${encodeURIComponent(fake)}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', preload, join(ROOT, entry), '--help'],
      { encoding: 'utf8', cwd: folder },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(LINE);
  });

  (oldNode === undefined ? it.skip : it).each(ENTRIES)(
    '%s can be parsed (skipped where no older one is installed)',
    (entry) => {
      const { status, stderr } = spawnSync(String(oldNode), [join(ROOT, entry)], {
        encoding: 'utf8',
        cwd: folder,
      });
      expect(status).toBe(1);
      expect(stderr).toMatch(LINE);
    },
  );

  it('the client throws an error that names what is needed', () => {
    const client = pathToFileURL(join(ROOT, 'bundle/client.js')).href;
    const script = `
      delete JSON.rawJSON;
      const { createSluiceClient } = await import(${JSON.stringify(client)});
      try { createSluiceClient({ baseUrl: 'http://localhost' }); } catch ({ message }) { console.log(message); }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(
      /^sluice\/client needs JSON\.rawJSON for exact ids: Node\.js 24\.16 or later .*\n$/,
    );
  });
});
