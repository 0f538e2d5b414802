import { useQueryClient } from '@tanstack/react-query';
import { answerTo, api } from '../../api/client.js';
import type { FailureKind } from '../../api/types.js';
import { notify } from '../../ui/toasts.js';
import { messageOf } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';

/** Which dead letters: all of a kind, the one at a position of a list, or all there are. */
export interface Wanted {
  readonly all?: 'true';
  readonly kind?: FailureKind;
  readonly ingestion_id?: string;
  readonly position?: number;
}

export type Redrive = (wanted: readonly Wanted[]) => void;

/** Sends dead letters again, and says how many went. */
export function useRedrive(): Redrive {
  const queries = useQueryClient();
  const send = async (wanted: readonly Wanted[]): Promise<void> => {
    let count = 0;
    try {
      for (const query of wanted) {
        count += (await answerTo(api.POST('/dead-letters/redrive', { params: { query } }))).redriven;
      }
      notify(`${formatCount(count)} ${count === 1 ? 'id goes' : 'ids go'} out again`);
    } catch (failure) {
      notify(`${formatCount(count)} went, then: ${messageOf(failure)}`, 'bad');
    }
    await queries.invalidateQueries({ queryKey: ['dead-letters'] });
  };
  return (wanted) => {
    void send(wanted);
  };
}
