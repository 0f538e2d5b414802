import { useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../api/client.js';
import type { Delivery } from '../../api/types.js';
import { toMessage } from '../../ui/error-message.js';
import { showToast } from '../../ui/toasts.js';

/** Returns a function that sends the message of a delivery again and tells the result in a toast. */
export function useResend(): (delivery: Delivery) => Promise<void> {
  const queries = useQueryClient();
  return async ({ delivery_id: id, ingestion_id: ingestionId, url }) => {
    try {
      await unwrap(
        api.POST('/webhook-deliveries/{delivery_id}/resend', {
          params: { path: { delivery_id: id }, query: { ingestion_id: ingestionId } },
        }),
      );
      showToast(`The message to ${url} is sent again`);
    } catch (failure) {
      showToast(`Not resent: ${toMessage(failure)}`, 'bad');
    }
    await queries.invalidateQueries({ queryKey: ['webhook-deliveries'] });
  };
}
