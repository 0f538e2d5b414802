import { AlertDialog } from 'radix-ui';
import { cloneElement, type ReactElement, type ReactNode } from 'react';
import { useHasScope } from '../api/access.js';
import type { Scope } from '../api/types.js';
import './confirm.css';

export interface ConfirmProps {
  /** Button that opens the dialog. */
  readonly children: ReactElement<{ readonly disabled?: boolean }>;
  readonly title: string;
  readonly text: ReactNode;
  readonly action: string;
  readonly isDanger?: boolean;
  /** Scope that the action needs; without it the button is disabled and says why. */
  readonly needs?: Scope;
  readonly onConfirm: () => void;
}

/** Shows a dialog that asks for confirmation before `onConfirm` is called. */
export function Confirm({
  children,
  title,
  text,
  action,
  isDanger = false,
  needs = 'submit',
  onConfirm,
}: ConfirmProps): ReactElement {
  if (!useHasScope(needs)) {
    return <NeedsScope needs={needs}>{children}</NeedsScope>;
  }
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

/** Shows a button or field; without the scope it is disabled and says why. */
export function NeedsScope({
  needs,
  children,
}: Pick<ConfirmProps, 'children'> & { readonly needs: Scope }): ReactElement {
  if (useHasScope(needs)) {
    return children;
  }
  const reason = `This needs a key with the scope ${needs}`;
  return (
    <span title={reason}>
      {cloneElement(children, { disabled: true })}
      <span className="visually-hidden">{reason}</span>
    </span>
  );
}
