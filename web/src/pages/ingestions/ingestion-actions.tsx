import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { unwrap, api } from '../../api/client.js';
import { toCurl } from '../../api/curl.js';
import { PRIORITIES, type Ingestion, type Priority } from '../../api/types.js';
import { useAccess, useHasScope } from '../../api/access.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Confirm } from '../../ui/confirm.js';
import { showToast } from '../../ui/toasts.js';
import { toMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { isTerminal } from './is-terminal.js';
import '../../ui/filters.css';

/** Shows the actions for a list: change its priority, cancel, redrive and copy as curl. */
export function IngestionActions({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const queries = useQueryClient();
  const { isKeyed } = useAccess();
  const maySubmit = useHasScope('submit');
  const { ingestion_id: id, progress, priority } = ingestion;
  const params = { path: { ingestion_id: id } };
  const act = async (what: string, work: () => Promise<string>): Promise<void> => {
    try {
      showToast(await work());
    } catch (error) {
      showToast(`${what}: ${toMessage(error)}`, 'bad');
    }
    await queries.invalidateQueries();
  };
  const changePriority = (next: Priority): void => {
    void act('Priority not changed', async () => {
      await unwrap(api.PATCH('/ingestions/{ingestion_id}', { params, body: { priority: next } }));
      return `Priority is ${next} now`;
    });
  };
  return (
    <div className="row">
      {maySubmit && progress.yet_to_start > 0 && (
        <>
          <label className="field inline">
            <span>Priority</span>
            <select
              value={priority}
              onChange={(event) => {
                changePriority(event.target.value as Priority);
              }}
            >
              {PRIORITIES.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <Confirm
            title="Cancel this ingestion?"
            text={`${formatCount(progress.yet_to_start)} ids that were not sent yet are dropped. Calls in flight end as usual.`}
            action="Cancel it"
            isDanger
            onConfirm={() =>
              void act('Not cancelled', async () => {
                await unwrap(api.POST('/ingestions/{ingestion_id}/cancel', { params }));
                return 'Cancelled';
              })
            }
          >
            <button type="button" className="button danger">
              Cancel
            </button>
          </Confirm>
        </>
      )}
      {maySubmit && progress.failed > 0 && (
        <Confirm
          title="Redrive the failed ids?"
          text={`${formatCount(progress.failed)} ids go back into the queue at ${priority}. Their attempts start again at 1.`}
          action="Redrive"
          onConfirm={() =>
            void act('Not redriven', async () => {
              const { redriven } = await unwrap(api.POST('/ingestions/{ingestion_id}/redrive', { params }));
              return `${formatCount(redriven)} ids redriven`;
            })
          }
        >
          <button type="button" className="button primary">
            Redrive {isTerminal(ingestion) ? '' : 'failed ids'}
          </button>
        </Confirm>
      )}
      <CopyButton
        className="button"
        what="The command"
        text={() => toCurl(`status/${id}?batches=none`, { isKeyed })}
      >
        Copy as curl
      </CopyButton>
    </div>
  );
}
