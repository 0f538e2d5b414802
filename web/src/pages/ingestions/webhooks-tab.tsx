import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useHasScope } from '../../api/access.js';
import { api, unwrap } from '../../api/client.js';
import { deliveriesQuery } from '../../api/queries.js';
import type { Delivery, Ingestion } from '../../api/types.js';
import { Age } from '../../ui/age.js';
import { ErrorMessage, toMessage } from '../../ui/error-message.js';
import { Loading } from '../../ui/loading.js';
import { showToast } from '../../ui/toasts.js';

/** Shows the webhook deliveries of a list: who was told of its end, and what came of it. */
export function WebhooksTab({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { ingestion_id: id } = ingestion;
  const { data, error } = useQuery(deliveriesQuery(id));
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} />;
  }
  return data.deliveries.length === 0 ? (
    <p className="muted">
      No deliveries. A list that was submitted with a <code>callback_url</code> has one when it has ended.
    </p>
  ) : (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Table of webhook deliveries">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Receiver</th>
            <th scope="col">State</th>
            <th scope="col">Attempts</th>
            <th scope="col">Last attempt</th>
            <th scope="col">Next attempt</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.deliveries.map((delivery) => (
            <DeliveryRow key={delivery.delivery_id} delivery={delivery} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }): ReactElement {
  const maySubmit = useHasScope('submit');
  const queries = useQueryClient();
  const { delivery_id: id, ingestion_id: ingestionId, last_attempt: last } = delivery;
  const resend = async (): Promise<void> => {
    try {
      await unwrap(
        api.POST('/webhook-deliveries/{delivery_id}/resend', {
          params: { path: { delivery_id: id }, query: { ingestion_id: ingestionId } },
        }),
      );
      showToast('The webhook is sent again');
    } catch (error) {
      showToast(`Not sent again: ${toMessage(error)}`, 'bad');
    }
    await queries.invalidateQueries({ queryKey: ['deliveries'] });
  };
  return (
    <tr>
      <td>{delivery.type}</td>
      <td className="ingestion-id">{delivery.url}</td>
      <td>{delivery.state}</td>
      <td className="number">{delivery.attempts}</td>
      <td>
        {last === null ? (
          'none yet'
        ) : (
          <>
            <Age value={last.at} />
            {last.http_status !== null && `, ${String(last.http_status)}`}
            {last.error !== null && <span className="muted"> {last.error}</span>}
          </>
        )}
      </td>
      <td>{delivery.next_attempt_at === null ? '' : <Age value={delivery.next_attempt_at} />}</td>
      <td>
        {maySubmit && delivery.state !== 'pending' && (
          <button type="button" className="button small" onClick={() => void resend()}>
            Send again
          </button>
        )}
      </td>
    </tr>
  );
}
