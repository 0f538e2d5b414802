import { useSyncExternalStore, type ReactElement } from 'react';
import './toasts.css';

interface Notice {
  readonly no: number;
  readonly text: string;
  readonly kind: 'good' | 'bad';
}

const SHOWN_MS = 6000;

let notices: readonly Notice[] = [];
let lastNo = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => {
    listener();
  });
}

/** Says for a moment what came of an action. */
export function notify(text: string, kind: Notice['kind'] = 'good'): void {
  const no = ++lastNo;
  set([...notices, { no, text, kind }]);
  setTimeout(() => {
    set(notices.filter((notice) => notice.no !== no));
  }, SHOWN_MS);
}

export function Notices(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map(({ no, text, kind }) => (
        <p key={no} data-kind={kind}>
          {text}
        </p>
      ))}
    </div>
  );
}
