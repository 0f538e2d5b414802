import { useState, type ReactElement } from 'react';
import { PRIORITIES } from '../../api/types.js';
import { NeedsScope } from '../../ui/confirm.js';
import { BulkActionDialog, type BulkActionRequest } from '../../ui/bulk-action.js';

/** Cancels all ingestions that match the filter, or changes their priority; the number is said first. */
export function BulkBar({ filter }: { readonly filter: object }): ReactElement {
  const [request, setRequest] = useState<BulkActionRequest | null>(null);
  return (
    <div className="row" role="group" aria-label="All that match">
      <NeedsScope needs="admin">
        <button
          type="button"
          className="button small danger"
          onClick={() => {
            setRequest({ action: 'cancel', filter });
          }}
        >
          Cancel all that match …
        </button>
      </NeedsScope>
      <NeedsScope needs="admin">
        <select
          className="bulk-priority"
          aria-label="Reprioritize all that match"
          value=""
          onChange={({ target }) => {
            const priority = PRIORITIES.find((each) => each === target.value);
            if (priority !== undefined) {
              setRequest({ action: 'reprioritize', filter, priority });
            }
          }}
        >
          <option value="">Priority of all that match …</option>
          {PRIORITIES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </NeedsScope>
      {request !== null && (
        <BulkActionDialog
          request={request}
          onClose={() => {
            setRequest(null);
          }}
        />
      )}
    </div>
  );
}
