import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useAccess } from '../api/access.js';
import { apiKey } from '../api/client.js';
import { live } from '../live/gate-live-store.js';

/** Shows a button that removes the key of this tab; null if no key is in use. */
export function LogOut(): ReactElement | null {
  const queries = useQueryClient();
  const { isKeyed, client } = useAccess();
  return isKeyed ? (
    <button
      type="button"
      className="button small"
      title={client === null ? undefined : `This key is of ${client}`}
      onClick={() => {
        apiKey.forget();
        live.start();
        void queries.resetQueries();
      }}
    >
      Log out
    </button>
  ) : null;
}
