import { useQueryClient } from '@tanstack/react-query';
import { unwrap, api } from '../../api/client.js';
import type { FailureKind } from '../../api/types.js';
import { showToast } from '../../ui/toasts.js';
import { toMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';

/** Dead letters to redrive: all of a kind, the one at a position of a list, or all. */
export interface RedriveTarget {
  readonly all?: 'true';
  readonly kind?: FailureKind;
  readonly ingestion_id?: string;
  readonly position?: number;
}

export type Redrive = (wanted: readonly RedriveTarget[]) => void;

/** Returns a function that redrives dead letters and shows the number of redriven ids. */
export function useRedrive(): Redrive {
  const queries = useQueryClient();
  const send = async (wanted: readonly RedriveTarget[]): Promise<void> => {
    let count = 0;
    try {
      for (const query of wanted) {
        count += (await unwrap(api.POST('/dead-letters/redrive', { params: { query } }))).redriven;
      }
      showToast(`${formatCount(count)} ${count === 1 ? 'id' : 'ids'} redriven`);
    } catch (failure) {
      showToast(`${formatCount(count)} redriven, then failed: ${toMessage(failure)}`, 'bad');
    }
    await queries.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  return (wanted) => {
    void send(wanted);
  };
}
