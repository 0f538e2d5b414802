import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';

describe('A commit of groups', () => {
  it('lets what gives way go on after one group, whatever waits behind that', async () => {
    const seen: string[] = [];
    const commits = new GroupCommit<string, string>(
      async (group) => {
        seen.push(...group);
        await nextTurn();
        return group;
      },
      () => 1,
      1,
    );
    const all = ['a', 'b', 'c'].map((item) => commits.add(item));
    const gaveWay = commits.giveWay().then(() => seen.push('what gave way'));
    await Promise.all([...all, gaveWay]);
    expect(seen).toEqual(['a', 'what gave way', 'b', 'c']);
  });

  it('holds up nobody while there is no group', async () => {
    const commits = new GroupCommit<string, string>(
      async (group) => group,
      () => 1,
      1,
    );
    await commits.giveWay();
    await commits.add('a');
    await commits.giveWay();
  });

  it('lets go on what gave way to a group that failed', async () => {
    const commits = new GroupCommit<string, string>(
      () => Promise.reject(new Error('no disk')),
      () => 1,
      1,
    );
    const failed = commits.add('a');
    await Promise.all([commits.giveWay(), expect(failed).rejects.toThrow('no disk')]);
  });
});
