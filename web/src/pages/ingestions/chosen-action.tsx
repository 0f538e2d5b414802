import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { api, unwrap } from '../../api/client.js';
import type { BulkActionKind, IngestionSummary, Priority } from '../../api/types.js';
import { ActionDialog } from '../../ui/action-dialog.js';
import { BULK_EFFECTS, BULK_WORDS, formatIds, formatIngestions, isDangerous } from '../../ui/bulk-action.js';
import { toMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';

type Action = Exclude<BulkActionKind, 'discard'>;

/** An act on some ingestions. */
export interface ChosenActionRequest {
  readonly action: Action;
  readonly ingestions: readonly IngestionSummary[];
  readonly priority?: Priority;
}

interface Progress {
  readonly done: number;
  readonly refused: number;
  readonly lastRefusal: string;
  readonly hasEnded: boolean;
}

/**
 * Says how many ids an act on the chosen ingestions changes, does it one ingestion after another, and shows the
 * progress. It ends when the dialog is closed.
 */
export function ChosenActionDialog({
  request: { action, ingestions, priority },
  onClose,
}: {
  readonly request: ChosenActionRequest;
  /** `isDone` is true if all were tried. */
  readonly onClose: (isDone: boolean) => void;
}): ReactElement {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const isStopped = useRef(false);
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );
  // the rows are refreshed while the dialog is open, but what is done is what was said
  const [targets] = useState(() => ingestions.filter((each) => countOf(action, each) > 0));
  const ids = targets.reduce((sum, each) => sum + countOf(action, each), 0);
  const start = async (): Promise<void> => {
    let current: Progress = { done: 0, refused: 0, lastRefusal: '', hasEnded: false };
    setProgress(current);
    for (const { ingestion_id: id } of targets) {
      if (isStopped.current) {
        return;
      }
      try {
        await send(action, id, priority);
        current = { ...current, done: current.done + 1 };
      } catch (error) {
        current = { ...current, refused: current.refused + 1, lastRefusal: toMessage(error) };
      }
      setProgress(current);
    }
    setProgress({ ...current, hasEnded: true });
  };
  const close = (): void => {
    void queries.invalidateQueries();
    onClose(progress?.hasEnded === true);
  };
  const { verb, done } = BULK_WORDS[action];
  return (
    <ActionDialog
      title={
        progress === null
          ? `${verb} ${formatIds(ids)}?`
          : `${formatCount(progress.done)} of ${formatIngestions(targets.length)} ${done}`
      }
      percent={progress === null ? null : percentOf(progress, targets.length)}
      close={progress === null ? 'Keep' : progress.hasEnded ? 'Close' : 'Stop'}
      onClose={close}
      start={
        progress === null && ids > 0
          ? {
              label: `${verb} ${formatIds(ids)}`,
              isDanger: isDangerous(action),
              onClick: () => void start(),
            }
          : null
      }
    >
      {progress === null
        ? describe(action, targets.length, ingestions.length, priority)
        : describeProgress(progress)}
    </ActionDialog>
  );
}

function percentOf({ done, refused, hasEnded }: Progress, count: number): number {
  return hasEnded ? 100 : ((done + refused) / count) * 100;
}

/** Returns the number of ids of an ingestion that the act changes. */
function countOf(action: Action, { progress }: IngestionSummary): number {
  return action === 'redrive' ? progress.failed : progress.yet_to_start;
}

async function send(action: Action, id: string, priority: Priority | undefined): Promise<void> {
  const params = { path: { ingestion_id: id } };
  if (action === 'redrive') {
    await unwrap(api.POST('/ingestions/{ingestion_id}/redrive', { params }));
  } else if (priority === undefined) {
    await unwrap(api.POST('/ingestions/{ingestion_id}/cancel', { params }));
  } else {
    await unwrap(api.PATCH('/ingestions/{ingestion_id}', { params, body: { priority } }));
  }
}

function describe(action: Action, count: number, chosen: number, priority: Priority | undefined): string {
  const nothing = action === 'redrive' ? 'have no failed ids' : 'have no pending ids';
  if (count === 0) {
    return `The chosen ingestions ${nothing}.`;
  }
  const others = count < chosen ? ` The other ${formatCount(chosen - count)} ${nothing}.` : '';
  const next = priority === undefined ? '' : ` The new priority is ${priority}.`;
  return `They are of ${formatIngestions(count)}.${others} ${BULK_EFFECTS[action]}${next}`;
}

function describeProgress({ refused, lastRefusal, hasEnded }: Progress): string {
  const failures = refused === 0 ? '' : ` ${formatCount(refused)} could not be changed: ${lastRefusal}.`;
  return `${hasEnded ? 'Done.' : 'One after another …'}${failures}`;
}
