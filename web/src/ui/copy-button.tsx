import type { ReactElement, ReactNode } from 'react';
import { showToast } from './toasts.js';
import './copy-button.css';

/** Copies a text and confirms it; `text` is called when the button is pressed. */
export function CopyButton({
  text,
  what,
  className = 'copy',
  children,
}: {
  readonly text: string | (() => string);
  /** Name of the text, for the label and the confirmation. */
  readonly what: string;
  readonly className?: string;
  readonly children?: ReactNode;
}): ReactElement {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      showToast(`${what} is in the clipboard`);
    } catch (error) {
      showToast(`${what} was not copied: ${String(error)}`, 'bad');
    }
  };
  return (
    <button
      type="button"
      className={className}
      aria-label={children === undefined ? `Copy: ${what}` : undefined}
      title={children === undefined ? 'Copy' : undefined}
      onClick={() => void copy()}
    >
      {children ?? (
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M5.500 5.500V3a1 1 0 0 1 1-1H13a1 1 0 0 1 1 1v6.500a1 1 0 0 1-1 1h-2.500M3 5.500h6.500a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V6.500a1 1 0 0 1 1-1z" />
        </svg>
      )}
    </button>
  );
}
