import { useEffect, useState, type ReactElement } from 'react';
import { openEvents, type StreamEvent } from '../../live/event-stream.js';
import { formatTime } from '../../ui/time.js';

const MOST_KEPT = 200;

interface Entry extends StreamEvent {
  readonly no: number;
  readonly at: string;
}

/** What is told of this list, as it is told. */
export function EventLog({ id }: { readonly id: string }): ReactElement {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [isOpen, setOpen] = useState(true);
  useEffect(() => {
    const stop = new AbortController();
    let no = 0;
    setEntries([]);
    setOpen(true);
    const listen = async (): Promise<void> => {
      for await (const event of openEvents(`status/${id}/events`, stop.signal)) {
        if (event.type !== 'comment') {
          const entry = { ...event, no: ++no, at: new Date().toISOString() };
          setEntries((kept) => [entry, ...kept].slice(0, MOST_KEPT));
        }
      }
    };
    listen()
      .catch(() => undefined) // what is shown is what was told; the end is shown too
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
            <time dateTime={at}>{formatTime(at)}</time>
            <strong>{type}</strong>
            <code>{data}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
