import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';
import { SystemRuntime } from '../domain/system-runtime.js';

describe('A commit of groups', () => {
  it('lets what gives way go on after one group, whatever waits behind that', async () => {
    const seen: string[] = [];
    const commits = new GroupCommit<string, string>(
      new SystemRuntime(),
      async (group) => {
        seen.push(...group);
        await nextTurn();
        return group;
      },
      () => 1,
      1,
    );
    const all = ['a', 'b', 'c'].map((item) => commits.add(item));
    const gaveWay = commits.yieldToPending().then(() => seen.push('what gave way'));
    await Promise.all([...all, gaveWay]);
    expect(seen).toEqual(['a', 'what gave way', 'b', 'c']);
  });

  it('gathers no more where what waits fills a group', async () => {
    const groups: (readonly string[])[] = [];
    const commits = new GroupCommit<string, string>(
      new SystemRuntime(),
      async (group) => {
        groups.push(group);
        return group;
      },
      () => 1,
      2,
    );
    const all = ['a', 'b', 'c', 'd', 'e'].map((item) => commits.add(item));
    await nextTurn();
    commits.add('f').catch(() => undefined);
    expect(groups).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await Promise.all(all);
    expect(groups.at(-1)).toEqual(['e', 'f']);
  });

  it('holds up nobody while there is no group', async () => {
    const commits = new GroupCommit<string, string>(
      new SystemRuntime(),
      async (group) => group,
      () => 1,
      1,
    );
    await commits.yieldToPending();
    await commits.add('a');
    await commits.yieldToPending();
  });

  it('lets go on what gave way to a group that failed', async () => {
    const commits = new GroupCommit<string, string>(
      new SystemRuntime(),
      () => Promise.reject(new Error('no disk')),
      () => 1,
      1,
    );
    const failed = commits.add('a');
    await Promise.all([commits.yieldToPending(), expect(failed).rejects.toThrow('no disk')]);
  });
});
