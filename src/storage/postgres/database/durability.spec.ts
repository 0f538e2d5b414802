import { describe, expect, it } from '@jest/globals';
import { describeDurability } from './durability.js';

describe('The start on PostgreSQL says of a commit', () => {
  it.each([
    [
      'of one server that it confirms alone',
      { synchronousCommit: 'on', synchronousStandbyNames: '', standbys: 0 },
      {
        level: 'log',
        text: 'a commit is confirmed by this server alone (synchronous_standby_names is empty; no standby is attached)',
      },
    ],
    [
      'with asynchronous standbys that a failover loses the tail',
      { synchronousCommit: 'on', synchronousStandbyNames: '', standbys: 2 },
      {
        level: 'warn',
        text:
          'a commit is confirmed by this server alone (synchronous_standby_names is empty; attached standbys: 2, asynchronous): ' +
          'the lists accepted last are lost where a standby takes over',
      },
    ],
    [
      'to a role that may not see standbys what would be so with one',
      { synchronousCommit: 'on', synchronousStandbyNames: '', standbys: null },
      {
        level: 'log',
        text:
          'a commit is confirmed by this server alone (synchronous_standby_names is empty; standbys cannot be seen): ' +
          'with one, the lists accepted last are lost where a standby takes over',
      },
    ],
    [
      'with a synchronous standby that it confirms too',
      { synchronousCommit: 'remote_apply', synchronousStandbyNames: 'ANY 1 (*)', standbys: 1 },
      {
        level: 'log',
        text: "a commit is confirmed by this server and by a standby (synchronous_standby_names = 'ANY 1 (*)', synchronous_commit = remote_apply)",
      },
    ],
    [
      'with remote_write that the standby may not have flushed it',
      { synchronousCommit: 'remote_write', synchronousStandbyNames: '*', standbys: 1 },
      {
        level: 'log',
        text: "a commit is confirmed by this server and by a standby, which need not have it on its disk (synchronous_standby_names = '*', synchronous_commit = remote_write)",
      },
    ],
    [
      'with a synchronous standby that is away that commits wait',
      { synchronousCommit: 'on', synchronousStandbyNames: '*', standbys: 0 },
      {
        level: 'warn',
        text: "a commit is confirmed by this server and by a standby (synchronous_standby_names = '*', synchronous_commit = on); none is attached now, and commits wait until one is",
      },
    ],
    [
      'with synchronous_commit = local that standbys are not waited for',
      { synchronousCommit: 'local', synchronousStandbyNames: '*', standbys: 1 },
      {
        level: 'warn',
        text: "a commit is confirmed by this server alone, although there are synchronous standbys (synchronous_standby_names = '*', synchronous_commit = local): the lists accepted last are lost where a standby takes over",
      },
    ],
  ] as const)('%s', (_, settings, line) => {
    expect(describeDurability(settings)).toEqual(line);
  });
});
