import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { addCompletionCommands, complete } from './completion.js';
import { createProgram } from './program.js';

function makeProgram() {
  const program = createProgram({
    environment: {},
    out: process.stdout,
    signal: new AbortController().signal,
    ended: () => undefined,
  });
  addCompletionCommands(program, process.stdout);
  return program;
}

describe('Completion', () => {
  const newFolder = useTempFolders();

  it.each([
    [['st'], ['status']],
    [['pa'], ['pause']],
    [
      ['submit', '-p', ''],
      ['HIGH', 'MEDIUM', 'LOW'],
    ],
    [['submit', '--priority', 'M'], ['MEDIUM']],
    [['--url', 'submit', 'li'], ['list']],
    [['submit', '--wa'], ['--watch']],
    [['list', '--pro'], ['--profile']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'help'],
    ],
    [['submit', 'ids'], []],
    [['com'], ['completion']],
  ])('of %j is %j', (words, expected) => {
    expect(complete(makeProgram(), words)).toEqual(expected);
  });

  it('works in bash with the printed script', () => {
    const folder = newFolder();
    // Stands in for the command: prints what it is asked.
    writeFileSync(join(folder, 'sluice'), '#!/bin/sh\nshift 2\nfor word; do echo "<$word>"; done\n');
    chmodSync(join(folder, 'sluice'), 0o755);
    let script = '';
    const program = createProgram({
      environment: {},
      out: process.stdout,
      signal: new AbortController().signal,
      ended: () => undefined,
    });
    addCompletionCommands(program, {
      write: (text: string) => (script += text),
    } as unknown as NodeJS.WriteStream);
    program.parse(['completion', 'bash'], { from: 'user' });
    const line = `${script}\nCOMP_WORDS=(sluice submit -p ''); COMP_CWORD=3; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', line], {
      encoding: 'utf8',
      env: { PATH: `${folder}:${String(process.env['PATH'])}` },
    });
    expect(stdout).toBe('<submit>\n<-p>\n<>\n');
  });
});
