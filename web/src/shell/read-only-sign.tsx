import type { ReactElement } from 'react';
import { useAccess } from '../api/access.js';

/** Marks a key that reads everything and changes nothing; null for any other. */
export function ReadOnlySign(): ReactElement | null {
  const { scopes } = useAccess();
  return scopes.includes('observe') && !scopes.includes('submit') ? (
    <span
      className="read-only"
      title="This key has the scope observe: it shows everything and changes nothing"
    >
      Read-only
    </span>
  ) : null;
}
