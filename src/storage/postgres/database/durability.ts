import type { ClientBase } from 'pg';

/** The server's settings for commits. */
export interface CommitSettings {
  readonly synchronousCommit: string;
  readonly synchronousStandbyNames: string;
  /** Number of attached standbys; null if the role may not see them. */
  readonly standbys: number | null;
}

export interface DurabilityLine {
  readonly level: 'log' | 'warn';
  readonly text: string;
}

/** Reads the settings. A role without the required rights gets fewer of them, never an error. */
export async function readCommitSettings(client: ClientBase): Promise<CommitSettings> {
  const settings = await client.query<{ commit: string; names: string }>(
    `SELECT coalesce(current_setting('synchronous_commit', true), 'on') AS commit,
            coalesce(current_setting('synchronous_standby_names', true), '') AS names`,
  );
  const standbys = await client
    .query<{ standbys: number }>('SELECT count(*)::int AS standbys FROM pg_catalog.pg_stat_replication')
    .then(({ rows }) => rows[0]?.standbys ?? null)
    .catch(() => null);
  const [row] = settings.rows;
  return {
    synchronousCommit: row?.commit ?? 'on',
    synchronousStandbyNames: row?.names.trim() ?? '',
    standbys,
  };
}

/**
 * Describes in one line whether a standby confirms each commit. Every write transaction raises `off` to `on`, so `off`
 * reads as `on` here.
 */
export function describeDurability(settings: CommitSettings): DurabilityLine {
  const { synchronousStandbyNames: names, standbys } = settings;
  const synchronousCommit = settings.synchronousCommit === 'off' ? 'on' : settings.synchronousCommit;
  if (names === '') {
    return describeAlone(standbys);
  }
  const how = `synchronous_standby_names = '${names}', synchronous_commit = ${synchronousCommit}`;
  if (synchronousCommit === 'local') {
    return {
      level: 'warn',
      text: `a commit is confirmed by this server alone, although there are synchronous standbys (${how}): ${LOST_TAIL_NOTE}`,
    };
  }
  const attached = standbys === 0 ? '; none is attached now, and commits wait until one is' : '';
  const confirmer =
    synchronousCommit === 'remote_write' ? 'a standby, which need not have it on its disk' : 'a standby';
  return {
    level: attached === '' ? 'log' : 'warn',
    text: `a commit is confirmed by this server and by ${confirmer} (${how})${attached}`,
  };
}

const LOST_TAIL_NOTE = 'the lists accepted last are lost where a standby takes over';

function describeAlone(standbys: number | null): DurabilityLine {
  const alone = 'a commit is confirmed by this server alone (synchronous_standby_names is empty';
  switch (standbys) {
    case null:
      return { level: 'log', text: `${alone}; standbys cannot be seen): with one, ${LOST_TAIL_NOTE}` };
    case 0:
      return { level: 'log', text: `${alone}; no standby is attached)` };
    default:
      return {
        level: 'warn',
        text: `${alone}; attached standbys: ${String(standbys)}, asynchronous): ${LOST_TAIL_NOTE}`,
      };
  }
}
