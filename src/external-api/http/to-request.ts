import type { RequestValues } from '../mapping/request-template.js';
import { hasRequestBody, ID_PLACEHOLDER, isPerId, type UpstreamOptions } from './upstream.options.js';
import type { UpstreamRequest } from './upstream-http-client.js';

/** Builds the request for these ids: the one that the settings of the lane describe, else the usual one. */
export function toRequest(
  { url, method, mapping }: UpstreamOptions,
  values: RequestValues,
): Pick<UpstreamRequest, 'method' | 'url' | 'body' | 'headers'> {
  const { ids } = values;
  if (mapping !== undefined && mapping.request !== null) {
    return { method, ...mapping.request.render(values) };
  }
  if (!isPerId(url)) {
    return { method, url, body: `{"ids":[${ids.join(',')}]}` };
  }
  const id = ids.join();
  return {
    method,
    url: url.replaceAll(ID_PLACEHOLDER, id),
    body: hasRequestBody(method) ? `{"id":${id}}` : '',
  };
}
