import { useSyncExternalStore, type ReactElement } from 'react';
import './toasts.css';

interface Toast {
  readonly no: number;
  readonly text: string;
  readonly kind: 'good' | 'bad';
}

const SHOWN_MS = 6000;

let toasts: readonly Toast[] = [];
let lastNo = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => {
    listener();
  });
}

/** Shows the result of an action for `SHOWN_MS`. */
export function showToast(text: string, kind: Toast['kind'] = 'good'): void {
  const no = ++lastNo;
  set([...toasts, { no, text, kind }]);
  setTimeout(() => {
    set(toasts.filter((toast) => toast.no !== no));
  }, SHOWN_MS);
}

export function Toasts(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
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
