import { useState, type ReactElement } from 'react';
import { BulkActionDialog, type BulkActionRequest } from '../../ui/bulk-action.js';
import { ActionBar } from './action-bar.js';

/** Cancels all ingestions that match the filter, or changes their priority; the number is said first. */
export function BulkBar({ filter }: { readonly filter: object }): ReactElement {
  const [request, setRequest] = useState<BulkActionRequest | null>(null);
  return (
    <ActionBar
      name="All that match"
      needs="admin"
      cancel="Cancel all that match …"
      priority={{ name: 'Reprioritize all that match', text: 'Priority of all that match …' }}
      onCancel={() => {
        setRequest({ action: 'cancel', filter });
      }}
      onPriority={(priority) => {
        setRequest({ action: 'reprioritize', filter, priority });
      }}
    >
      {request !== null && (
        <BulkActionDialog
          request={request}
          onClose={() => {
            setRequest(null);
          }}
        />
      )}
    </ActionBar>
  );
}
