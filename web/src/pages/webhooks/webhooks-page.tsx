import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { compactQuery } from '../../api/client.js';
import { deliveriesQuery } from '../../api/queries.js';
import { useChosenLane } from '../../lanes/lane.js';
import { DELIVERY_STATES, type WebhooksSearch, type SearchChange } from '../../router-search.js';
import { RequireScope } from '../../shell/require-scope.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { Select, TextFilter } from '../../ui/filters.js';
import { LoadMore } from '../../ui/load-more.js';
import { Loading } from '../../ui/loading.js';
import { DeliveryTable } from './delivery-table.js';
import { useResend } from './use-resend.js';

const LIVE_MS = 5000;

/** Shows the messages that were sent when lists ended, the newest first. */
export function WebhooksPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Webhooks">
      <Webhooks />
    </RequireScope>
  );
}

function Webhooks(): ReactElement {
  const resend = useResend();
  const lane = useChosenLane();
  const filter = useSearch({ from: '/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const query = useInfiniteQuery({
    ...deliveriesQuery({ state: filter.state, ingestion_id: filter.list }),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const { data, error, refetch } = query;
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  const narrow = (change: SearchChange<WebhooksSearch>): void => {
    void navigate({ search: compactQuery({ ...filter, lane, ...change }), replace: true });
  };
  return (
    <div className="stack">
      <h1>Webhooks</h1>
      <div className="filters" role="group" aria-label="Filter">
        <Select
          label="State"
          value={filter.state ?? ''}
          options={DELIVERY_STATES.map((state) => [state, state])}
          onChange={(state) => {
            narrow({ state });
          }}
        />
        <TextFilter
          label="Ingestion id"
          isLong
          value={filter.list ?? ''}
          onChange={(list) => {
            narrow({ list });
          }}
        />
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      <section className="panel" aria-label="Deliveries">
        {data === undefined ? (
          error === null && <Loading />
        ) : deliveries.length === 0 ? (
          <p className="muted">
            {filter.state === undefined && filter.list === undefined
              ? 'No deliveries yet. A list with a callback_url sends a message when it ends.'
              : 'No deliveries match the filter.'}
          </p>
        ) : (
          <DeliveryTable deliveries={deliveries} onResend={resend} />
        )}
        <LoadMore query={query} />
      </section>
    </div>
  );
}
