import type { ReactElement } from 'react';
import type { Delivery } from '../../api/types.js';
import { IngestionTag } from '../../ui/badges.js';
import { Confirm } from '../../ui/confirm.js';
import { Age } from '../../ui/age.js';
import { formatCount, Time } from '../../ui/format.js';
import '../../ui/table.css';
import './webhooks.css';

/** Shows deliveries: list, receiver, state, attempts and the last answer; each can be resent. */
export function DeliveryTable({
  deliveries,
  onResend,
}: {
  readonly deliveries: readonly Delivery[];
  readonly onResend: (delivery: Delivery) => Promise<void>;
}): ReactElement {
  return (
    <div className="table-frame">
      <table className="table delivery-table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Ingestion</th>
            <th scope="col">Event</th>
            <th scope="col">Receiver</th>
            <th scope="col">Ended</th>
            <th scope="col">Attempts</th>
            <th scope="col">Last attempt</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <tr key={delivery.delivery_id}>
              <td>
                <span className="delivery-state" data-state={delivery.state}>
                  {delivery.state}
                </span>
              </td>
              <td>
                <IngestionTag id={delivery.ingestion_id} />
              </td>
              <td>{delivery.type.replace('ingestion.', '')}</td>
              <td className="receiver">{delivery.url}</td>
              <td>
                <Time value={delivery.ended_at} />
              </td>
              <td className="number">{formatCount(delivery.attempts)}</td>
              <td>
                <LastAttempt delivery={delivery} />
              </td>
              <td>
                <Confirm
                  title="Resend this message?"
                  text={`${delivery.url} gets the message of list ${delivery.ingestion_id} again, under the same webhook-id. Its attempts start again at 0.`}
                  action="Resend"
                  onConfirm={() => void onResend(delivery)}
                >
                  <button
                    type="button"
                    className="button small"
                    aria-label={`Resend ${delivery.delivery_id}`}
                  >
                    Resend
                  </button>
                </Confirm>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LastAttempt({
  delivery: { last_attempt: last, next_attempt_at: next },
}: {
  readonly delivery: Delivery;
}): ReactElement {
  return (
    <div className="last-attempt">
      {last === null ? (
        <span className="muted">none yet</span>
      ) : (
        <span>
          {last.error ?? `answered ${String(last.http_status ?? '')}`}{' '}
          <span className="muted">
            <Age value={last.at} />
          </span>
        </span>
      )}
      {next !== null && (
        <span className="muted">
          next at <Time value={next} />
        </span>
      )}
    </div>
  );
}
