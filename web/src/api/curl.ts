import { toUrl } from './client.js';

/**
 * Returns the curl command for a GET request. The key itself must not be in the clipboard: the command takes it from
 * the variable SLUICE_API_KEY.
 */
export function toCurl(
  path: string,
  { isKeyed, accept }: { readonly isKeyed: boolean; readonly accept?: string },
): string {
  const key = isKeyed ? ` -H "Authorization: Bearer $SLUICE_API_KEY"` : '';
  const type = accept === undefined ? '' : ` -H 'Accept: ${accept}'`;
  return `curl -s '${toUrl(path).replaceAll("'", '%27')}'${type}${key}`;
}
