import { useQueryClient } from '@tanstack/react-query';
import { api, ApiError, unwrap } from '../../api/client.js';
import { laneSettingsQuery } from '../../api/queries.js';
import type { LaneSettings } from '../../api/types.js';
import { showToast } from '../../ui/toasts.js';
import { toRefusal, type Refusal } from './refusal.js';
import type { Changes } from './setting-changes.js';
import { SETTINGS } from './setting-words.js';

/** Result of a change: null, or the reason why nothing was changed. */
export type ChangeResult = Promise<Refusal | null>;

const FIELDS: ReadonlySet<string> = new Set(SETTINGS.keys());

export interface SettingsActions {
  readonly change: (changes: Changes) => ChangeResult;
  readonly revert: (setting: string) => Promise<void>;
}

/**
 * Changes the settings of a lane, if they still have the version that is shown. After a refusal the settings are read
 * again.
 */
export function useChangeSettings({ lane, version }: LaneSettings): SettingsActions {
  const queries = useQueryClient();
  const { queryKey } = laneSettingsQuery(lane);
  const header = { 'If-Match': `"${String(version)}"` };
  const apply = async (work: Promise<LaneSettings>, done: string): ChangeResult => {
    try {
      queries.setQueryData(queryKey, await work);
      showToast(done);
      return null;
    } catch (error) {
      await queries.invalidateQueries({ queryKey });
      return error instanceof ApiError && error.status === 412
        ? {
            field: null,
            message: `Nothing was changed: somebody else has changed these settings since you opened them (${error.message}). Compare, then save again.`,
          }
        : toRefusal(error, FIELDS);
    } finally {
      void queries.invalidateQueries({ queryKey: ['queues'] });
    }
  };
  return {
    change: (body) =>
      apply(
        unwrap(api.PATCH('/lanes/{lane}', { params: { path: { lane }, header }, body })),
        `The settings of ${lane} are changed`,
      ),
    revert: async (setting) => {
      const refusal = await apply(
        unwrap(
          api.DELETE('/lanes/{lane}/settings/{setting}', { params: { path: { lane, setting }, header } }),
        ),
        `${setting} of ${lane} is reverted`,
      );
      if (refusal !== null) {
        showToast(refusal.message, 'bad');
      }
    },
  };
}
