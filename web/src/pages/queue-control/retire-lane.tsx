import { useQueryClient } from '@tanstack/react-query';
import { AlertDialog } from 'radix-ui';
import { useState, type ReactElement } from 'react';
import { api, unwrap } from '../../api/client.js';
import type { Queue } from '../../api/types.js';
import { NeedsScope } from '../../ui/confirm.js';
import { toMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { showToast } from '../../ui/toasts.js';
import '../../ui/confirm.css';
import './retire-lane.css';

type Pending = 'refuse' | 'drain' | 'cancel';

/** Button that retires a lane that was made over the API; its dialog asks what becomes of the pending ids. */
export function RetireLane({ lane, queue }: { readonly lane: string; readonly queue: Queue }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
      <NeedsScope needs="admin">
        <AlertDialog.Trigger className="button danger">Retire …</AlertDialog.Trigger>
      </NeedsScope>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog">
          <RetireForm
            lane={lane}
            queue={queue}
            onDone={() => {
              setOpen(false);
            }}
          />
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function RetireForm({
  lane,
  queue,
  onDone,
}: {
  readonly lane: string;
  readonly queue: Queue;
  readonly onDone: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const [pending, setPending] = useState<Pending>('refuse');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const count = countPending(queue);
  const retire = async (): Promise<void> => {
    setSending(true);
    try {
      await unwrap(api.DELETE('/lanes/{lane}', { params: { path: { lane }, query: { pending } } }));
      showToast(`The lane ${lane} is being retired`);
      void queries.invalidateQueries({ queryKey: ['lanes'] });
      void queries.invalidateQueries({ queryKey: ['queues'] });
      onDone();
    } catch (error) {
      setRefusal(toMessage(error));
      setSending(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void retire();
      }}
    >
      <AlertDialog.Title asChild>
        <h2>Retire the lane {lane}?</h2>
      </AlertDialog.Title>
      <AlertDialog.Description asChild>
        <p className="muted">
          It takes no new lists from now on, and is gone once nothing of it is pending or in flight. Its lists
          and its history stay. {idsText(count)} pending, {formatCount(queue.in_flight)} in flight.
        </p>
      </AlertDialog.Description>
      <fieldset className="choices">
        <legend>What becomes of the pending ids</legend>
        {CHOICES.map(([choice, name, effect]) => (
          <label key={choice}>
            <input
              type="radio"
              name="pending"
              value={choice}
              checked={pending === choice}
              onChange={() => {
                setRefusal(null);
                setPending(choice);
              }}
            />
            <span>
              <strong>{name}</strong>
              <span className="muted">{effect(count, queue)}</span>
            </span>
          </label>
        ))}
        {refusal !== null && (
          <p className="field-fault" role="alert">
            {refusal}
          </p>
        )}
      </fieldset>
      <div className="row dialog-actions">
        <AlertDialog.Cancel type="button" className="button">
          Keep the lane
        </AlertDialog.Cancel>
        <button type="submit" className="button danger" disabled={isSending}>
          {pending === 'cancel' && count > 0 ? `Retire and cancel ${idsText(count)}` : 'Retire'}
        </button>
      </div>
    </form>
  );
}

const CHOICES: readonly (readonly [Pending, string, (count: number, queue: Queue) => string])[] = [
  [
    'refuse',
    'Retire only an empty lane',
    (count, { in_flight: inFlight }) =>
      count + inFlight > 0
        ? 'Refused now, as ids are pending or in flight.'
        : 'Refused if ids arrive meanwhile.',
  ],
  [
    'drain',
    'Send them first',
    (count, { paused }) =>
      `${idsText(count)} ${count === 1 ? 'is' : 'are'} sent at the pace of the lane, scheduled ones at their time.${
        paused ? ' The lane is paused: resume it, or they wait.' : ''
      }`,
  ],
  [
    'cancel',
    'Cancel them',
    (count) => `${idsText(count)} ${count === 1 ? 'is' : 'are'} never sent. Calls in flight end as usual.`,
  ],
];

/** Counts the ids that wait, for their turn, a retry or their time. */
function countPending({ waiting, retries_waiting: retries, scheduled }: Queue): number {
  return waiting.total + retries + scheduled;
}

function idsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'id' : 'ids'}`;
}
