import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { api, unwrap } from '../api/client.js';
import type { BulkAction, BulkActionKind, Priority } from '../api/types.js';
import { ActionDialog } from './action-dialog.js';
import { ErrorMessage, toMessage } from './error-message.js';
import { formatCount } from './format.js';
import { showToast } from './toasts.js';

const POLL_MS = 700;
/** After a stop the step that was running still counts what it did. */
const MAY_CHANGE: ReadonlySet<BulkAction['state']> = new Set(['running', 'stopped']);

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
      state.data === undefined || MAY_CHANGE.has(state.data.state) ? POLL_MS : false,
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
    <ActionDialog
      title={current === null ? 'Counting …' : titleOf(current)}
      percent={current === null || current.state === 'planned' ? null : percentOf(current)}
      close={current?.state === 'planned' ? 'Keep' : 'Close'}
      onClose={close}
      onStop={current?.state === 'running' ? () => void send('stop') : null}
      start={
        current !== null && (current.state === 'planned' || current.state === 'stopped') && current.ids > 0
          ? {
              label:
                current.state === 'stopped'
                  ? 'Continue'
                  : `${BULK_WORDS[current.action].verb} ${formatIds(current.ids)}`,
              isDanger: isDangerous(current.action),
              onClick: () => void send('start'),
            }
          : null
      }
    >
      {error !== null ? <ErrorMessage error={error} /> : current === null ? null : textOf(current)}
    </ActionDialog>
  );
}

function percentOf({ state, ids, ids_done: done }: BulkAction): number {
  return state === 'completed' || ids === 0 ? 100 : Math.min(100, (done / ids) * 100);
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
