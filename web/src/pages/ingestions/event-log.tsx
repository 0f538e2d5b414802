import { useEffect, useState, type ReactElement } from 'react';
import { openEventStream, type StreamEvent } from '../../live/sse-client.js';
import { formatTime } from '../../ui/format.js';

const MAX_ENTRIES = 200;

interface Entry extends StreamEvent {
  readonly no: number;
  /** Time at which the event was received; null for the state at the start of the stream, which has no time. */
  readonly at: string | null;
}

/** Shows the events of a list as they are received. */
export function EventLog({ id }: { readonly id: string }): ReactElement {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [isOpen, setOpen] = useState(true);
  useEffect(() => {
    const stop = new AbortController();
    let no = 0;
    /** True while the stream reports the state at its start: up to `progress`, and `done` if the list has ended. */
    let isOld = true;
    let last = '';
    setEntries([]);
    setOpen(true);
    const listen = async (): Promise<void> => {
      for await (const event of openEventStream(`status/${id}/events`, stop.signal)) {
        if (event.type !== 'comment') {
          isOld &&= last !== 'progress' || event.type === 'done';
          last = event.type;
          const entry = { ...event, no: ++no, at: isOld ? null : new Date().toISOString() };
          setEntries((kept) => [entry, ...kept].slice(0, MAX_ENTRIES));
        }
      }
    };
    listen()
      .catch(() => undefined) // the received events stay on the page, which also shows that the stream has ended
      .finally(() => {
        setOpen(false);
      });
    return () => {
      stop.abort();
    };
  }, [id]);
  return (
    <>
      <p className="muted">{isOpen ? 'Listening …' : 'The stream has ended.'}</p>
      <ol className="event-log" tabIndex={0} aria-label="Events, the newest first">
        {entries.map(({ no, at, type, data }) => (
          <li key={no}>
            {at === null ? (
              <span className="muted">before you opened this</span>
            ) : (
              <time dateTime={at}>{formatTime(at)}</time>
            )}
            <strong>{type}</strong>
            <code>{data}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
