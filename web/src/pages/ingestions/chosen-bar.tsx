import { useState, type ReactElement } from 'react';
import { PRIORITIES, type IngestionSummary } from '../../api/types.js';
import { NeedsScope } from '../../ui/confirm.js';
import { formatCount } from '../../ui/format.js';
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
    <div className="row" role="group" aria-label="The chosen ones">
      <span role="status">{formatCount(ingestions.length)} chosen</span>
      <NeedsScope needs="submit">
        <button
          type="button"
          className="button small danger"
          onClick={() => {
            setRequest({ action: 'cancel', ingestions });
          }}
        >
          Cancel …
        </button>
      </NeedsScope>
      <NeedsScope needs="submit">
        <select
          className="bulk-priority"
          aria-label="Priority of the chosen ones"
          value=""
          onChange={({ target }) => {
            const priority = PRIORITIES.find((each) => each === target.value);
            if (priority !== undefined) {
              setRequest({ action: 'reprioritize', ingestions, priority });
            }
          }}
        >
          <option value="">Priority …</option>
          {PRIORITIES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </NeedsScope>
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
    </div>
  );
}
