import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { deliveriesQuery } from '../../api/queries.js';
import type { Ingestion } from '../../api/types.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { Loading } from '../../ui/loading.js';
import { DeliveryTable } from '../webhooks/delivery-table.js';
import { useResend } from '../webhooks/use-resend.js';

const LIVE_MS = 3000;

/** Shows the webhook deliveries of a list: who was told of its end, and what came of it. */
export function WebhooksTab({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const query = deliveriesQuery({ ingestion_id: ingestion.ingestion_id });
  const { data, error } = useInfiniteQuery({ ...query, refetchInterval: LIVE_MS });
  const resend = useResend();
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} />;
  }
  const deliveries = data.pages.flatMap((page) => page.deliveries);
  return deliveries.length === 0 ? (
    <p className="muted">
      No deliveries. A list that was submitted with a <code>callback_url</code> has one when it has ended.
    </p>
  ) : (
    <DeliveryTable deliveries={deliveries} onResend={resend} />
  );
}
