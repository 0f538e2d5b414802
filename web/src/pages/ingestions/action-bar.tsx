import type { ReactElement, ReactNode } from 'react';
import { PRIORITIES, type Priority, type Scope } from '../../api/types.js';
import { NeedsScope } from '../../ui/confirm.js';

export interface ActionBarProps {
  /** Accessible name of the group. */
  readonly name: string;
  /** Scope that the actions need. */
  readonly needs: Scope;
  /** Label of the button that cancels. */
  readonly cancel: string;
  /** Accessible name of the choice of a priority, and its text while none is chosen. */
  readonly priority: { readonly name: string; readonly text: string };
  readonly onCancel: () => void;
  readonly onPriority: (priority: Priority) => void;
  /** Shown in front of the actions. */
  readonly before?: ReactNode;
  /** Further actions. */
  readonly children?: ReactNode;
}

/** Shows the actions on several ingestions: cancel them, change their priority, and those that are given. */
export function ActionBar({
  name,
  needs,
  cancel,
  priority: { name: priorityName, text },
  onCancel,
  onPriority,
  before,
  children,
}: ActionBarProps): ReactElement {
  return (
    <div className="row" role="group" aria-label={name}>
      {before}
      <NeedsScope needs={needs}>
        <button type="button" className="button small danger" onClick={onCancel}>
          {cancel}
        </button>
      </NeedsScope>
      <NeedsScope needs={needs}>
        <select
          className="bulk-priority"
          aria-label={priorityName}
          value=""
          onChange={({ target }) => {
            const priority = PRIORITIES.find((each) => each === target.value);
            if (priority !== undefined) {
              onPriority(priority);
            }
          }}
        >
          <option value="">{text}</option>
          {PRIORITIES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </NeedsScope>
      {children}
    </div>
  );
}
