import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { TokenFile } from './token-file.js';

describe('The file of the token', () => {
  let folder: string;
  let path: string;
  let warnings: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
    path = join(folder, 'token');
    writeFileSync(path, 'first-token\n');
    warnings = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => {
      warnings.push(String(line));
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    jest.restoreAllMocks();
  });

  function replace(text: string): void {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  it('is read again when it was replaced', async () => {
    const file = TokenFile.open(path);
    expect(await file.current()).toBe('first-token');
    replace('other-token');

    expect(await file.current()).toBe('other-token');
  });

  it('gone or spoilt: the last token stays, and one line says so', async () => {
    const file = TokenFile.open(path);
    replace('two words');
    expect([await file.current(), await file.current()]).toEqual(['first-token', 'first-token']);
    rmSync(path);
    expect(await file.current()).toBe('first-token');
    replace('third-token');

    expect(await file.current()).toBe('third-token');
    expect(warnings).toEqual([expect.stringContaining(`${path} cannot be used, the last token stays`)]);
    expect(warnings.join()).not.toContain('two words');
  });

  it.each(['', ' \n', 'two words', 'tökën', 'x'.repeat(20_000)])('holding %j, stops the start', (text) => {
    replace(text);
    expect(() => TokenFile.open(path)).toThrow('it holds no token');
  });
});
