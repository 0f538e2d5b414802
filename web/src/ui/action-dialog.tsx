import { AlertDialog } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './confirm.css';
import './action-dialog.css';

export interface ActionDialogProps {
  readonly title: string;
  /** Says what the action will do; once it runs, its progress. */
  readonly children: ReactNode;
  /** The progress from 0 to 100; null before the action begins. */
  readonly percent: number | null;
  /** Label of the button that closes the dialog. */
  readonly close: string;
  readonly onClose: () => void;
  /** Stops the action; null if it cannot be stopped now. */
  readonly onStop?: (() => void) | null;
  /** Starts the action or goes on with it; null if that is not possible now. */
  readonly start: { readonly label: string; readonly isDanger: boolean; readonly onClick: () => void } | null;
}

/** Dialog that says what an action does before it begins, and then shows its progress. */
export function ActionDialog({
  title,
  children,
  percent,
  close,
  onClose,
  onStop = null,
  start,
}: ActionDialogProps): ReactElement {
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog" onEscapeKeyDown={onClose}>
          <AlertDialog.Title asChild>
            <h2>{title}</h2>
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="muted" role="status">
              {children}
            </div>
          </AlertDialog.Description>
          {percent !== null && (
            <div
              className="action-progress"
              role="progressbar"
              aria-label="Progress"
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={Math.round(percent)}
            >
              <span style={{ width: `${String(percent)}%` }} />
            </div>
          )}
          <div className="row dialog-actions">
            {onStop !== null && (
              <button type="button" className="button danger" onClick={onStop}>
                Stop
              </button>
            )}
            <AlertDialog.Cancel className="button" onClick={onClose}>
              {close}
            </AlertDialog.Cancel>
            {start !== null && (
              <button
                type="button"
                className={start.isDanger ? 'button danger' : 'button primary'}
                onClick={start.onClick}
              >
                {start.label}
              </button>
            )}
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
