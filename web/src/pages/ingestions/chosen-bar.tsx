import { useState, type ReactElement } from 'react';
import type { IngestionSummary } from '../../api/types.js';
import { NeedsScope } from '../../ui/confirm.js';
import { formatCount } from '../../ui/format.js';
import { ActionBar } from './action-bar.js';
import { ChosenActionDialog, type ChosenActionRequest } from './chosen-action.js';

/** Cancels the chosen ingestions, changes their priority or redrives their failed ids; the number is said first. */
export function ChosenBar({
  ingestions,
  onClear,
}: {
  readonly ingestions: readonly IngestionSummary[];
  readonly onClear: () => void;
}): ReactElement {
  const [request, setRequest] = useState<ChosenActionRequest | null>(null);
  return (
    <ActionBar
      name="The chosen ones"
      needs="submit"
      cancel="Cancel …"
      priority={{ name: 'Priority of the chosen ones', text: 'Priority …' }}
      onCancel={() => {
        setRequest({ action: 'cancel', ingestions });
      }}
      onPriority={(priority) => {
        setRequest({ action: 'reprioritize', ingestions, priority });
      }}
      before={<span role="status">{formatCount(ingestions.length)} chosen</span>}
    >
      <NeedsScope needs="submit">
        <button
          type="button"
          className="button small"
          onClick={() => {
            setRequest({ action: 'redrive', ingestions });
          }}
        >
          Redrive …
        </button>
      </NeedsScope>
      <button type="button" className="button small" onClick={onClear}>
        Clear
      </button>
      {request !== null && (
        <ChosenActionDialog
          request={request}
          onClose={(isDone) => {
            setRequest(null);
            if (isDone) {
              onClear();
            }
          }}
        />
      )}
    </ActionBar>
  );
}
