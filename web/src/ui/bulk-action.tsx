import { useQuery, useQueryClient } from '@tanstack/react-query';
import { AlertDialog } from 'radix-ui';
import { useEffect, useState, type ReactElement } from 'react';
import { api, unwrap } from '../api/client.js';
import type { BulkAction, BulkActionKind, Priority } from '../api/types.js';
import { ErrorMessage, toMessage } from './error-message.js';
import { formatCount } from './format.js';
import { showToast } from './toasts.js';
import './confirm.css';
import './bulk-action.css';

const POLL_MS = 700;

export const BULK_WORDS: Readonly<Record<BulkActionKind, { readonly verb: string; readonly done: string }>> =
  {
    cancel: { verb: 'Cancel', done: 'cancelled' },
    reprioritize: { verb: 'Change the priority of', done: 'changed' },
    redrive: { verb: 'Redrive', done: 'redriven' },
    discard: { verb: 'Discard', done: 'discarded' },
  };

/** An act on all that match a filter. */
export interface BulkActionRequest {
  readonly action: BulkActionKind;
  readonly filter: object;
  readonly priority?: Priority;
}

/**
 * Plans an act on all that match a filter, says how many ids it changes before it starts, and shows its progress. It goes
 * on when the dialog or the page is closed.
 */
export function BulkActionDialog({
  request,
  onClose,
}: {
  readonly request: BulkActionRequest;
  readonly onClose: () => void;
}): ReactElement | null {
  const queries = useQueryClient();
  const [planned, setPlanned] = useState<BulkAction | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let isCurrent = true;
    const { action, filter, priority } = request;
    unwrap(
      api.POST('/bulk-actions', {
        body: { action, filter: { ...filter }, ...(priority !== undefined && { priority }) },
      }),
    ).then(
      (plan) => {
        if (isCurrent) {
          setPlanned(plan);
        }
      },
      (failure: unknown) => {
        if (isCurrent) {
          setError(failure);
        }
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [request]);
  const id = planned?.bulk_action_id ?? '';
  const { data: followed } = useQuery({
    queryKey: ['bulk-actions', id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/bulk-actions/{bulk_action_id}', { params: { path: { bulk_action_id: id } }, signal })),
    enabled: id !== '',
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? POLL_MS : false,
  });
  const current = followed ?? planned;
  const send = async (verb: 'start' | 'stop'): Promise<void> => {
    try {
      const params = { path: { bulk_action_id: id } };
      const next = await (verb === 'start'
        ? unwrap(api.POST('/bulk-actions/{bulk_action_id}/start', { params }))
        : unwrap(api.POST('/bulk-actions/{bulk_action_id}/stop', { params })));
      queries.setQueryData(['bulk-actions', id], next);
    } catch (failure) {
      showToast(`Not done: ${toMessage(failure)}`, 'bad');
    }
  };
  const close = (): void => {
    void queries.invalidateQueries();
    onClose();
  };
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog bulk" onEscapeKeyDown={close}>
          <AlertDialog.Title asChild>
            <h2>{current === null ? 'Counting …' : titleOf(current)}</h2>
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="muted" role="status">
              {error !== null ? <ErrorMessage error={error} /> : current === null ? null : textOf(current)}
            </div>
          </AlertDialog.Description>
          {current !== null && current.state !== 'planned' && <BulkProgress percent={percentOf(current)} />}
          <div className="row dialog-actions">
            {current?.state === 'running' && (
              <button type="button" className="button danger" onClick={() => void send('stop')}>
                Stop
              </button>
            )}
            <AlertDialog.Cancel className="button" onClick={close}>
              {current?.state === 'planned' ? 'Keep' : 'Close'}
            </AlertDialog.Cancel>
            {(current?.state === 'planned' || current?.state === 'stopped') && current.ids > 0 && (
              <button
                type="button"
                className={isDangerous(current.action) ? 'button danger' : 'button primary'}
                onClick={() => void send('start')}
              >
                {current.state === 'stopped'
                  ? 'Continue'
                  : `${BULK_WORDS[current.action].verb} ${formatIds(current.ids)}`}
              </button>
            )}
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function percentOf({ state, ids, ids_done: done }: BulkAction): number {
  return state === 'completed' || ids === 0 ? 100 : Math.min(100, (done / ids) * 100);
}

export function BulkProgress({ percent }: { readonly percent: number }): ReactElement {
  return (
    <div
      className="bulk-progress"
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <span style={{ width: `${String(percent)}%` }} />
    </div>
  );
}

export function isDangerous(action: BulkActionKind): boolean {
  return action === 'cancel' || action === 'discard';
}

function titleOf({ action, state, ids, ids_done: done }: BulkAction): string {
  const { verb, done: word } = BULK_WORDS[action];
  return state === 'planned' ? `${verb} ${formatIds(ids)}?` : `${formatIds(done)} ${word}`;
}

function textOf({
  action,
  state,
  ingestions,
  ids,
  skipped,
  last_error: lastError,
  priority,
}: BulkAction): string {
  const lists = formatIngestions(ingestions);
  const skippedText =
    skipped > 0 ? ` ${formatCount(skipped)} could not be changed, for example because they have ended.` : '';
  switch (state) {
    case 'planned':
      return ids === 0
        ? 'Nothing matches the filter.'
        : `${lists} match the filter now; what is accepted or fails later is not changed. ${BULK_EFFECTS[action]}${
            priority === undefined ? '' : ` The new priority is ${priority}.`
          }`;
    case 'running':
      return `Of ${formatIds(ids)} in ${lists}. It goes on when this is closed.${skippedText}`;
    case 'stopped':
      return `Stopped. What is done stays done.${skippedText}`;
    case 'completed':
      return `Done.${skippedText}`;
    case 'failed':
      return `It failed: ${lastError ?? 'for an unknown reason'}.${skippedText}`;
    case 'expired':
      return 'The plan has expired. Close this and plan again.';
  }
}

/** The effect of each act in one sentence. */
export const BULK_EFFECTS: Readonly<Record<BulkActionKind, string>> = {
  cancel: 'Ids that were not sent yet are dropped; calls in flight end as usual.',
  reprioritize: 'Ids that were not sent yet move to their place in the other priority.',
  redrive: 'The ids go back into the queue, and their attempts start again at 1.',
  discard: 'The dead letters are deleted for good. The outcomes of the lists stay.',
};

export function formatIds(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'id' : 'ids'}`;
}

export function formatIngestions(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'ingestion' : 'ingestions'}`;
}
