import { AlertDialog } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './confirm.css';

export interface ConfirmProps {
  /** Button that opens the dialog. */
  readonly children: ReactElement;
  readonly title: string;
  readonly text: ReactNode;
  readonly action: string;
  readonly isDanger?: boolean;
  readonly onConfirm: () => void;
}

/** Shows a dialog that asks for confirmation before `onConfirm` is called. */
export function Confirm({
  children,
  title,
  text,
  action,
  isDanger = false,
  onConfirm,
}: ConfirmProps): ReactElement {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>{children}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title asChild>
            <h2>{title}</h2>
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="muted">{text}</div>
          </AlertDialog.Description>
          <div className="row dialog-actions">
            <AlertDialog.Cancel className="button">Keep</AlertDialog.Cancel>
            <AlertDialog.Action className={isDanger ? 'button danger' : 'button primary'} onClick={onConfirm}>
              {action}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
