import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every object young. Where most objects of a kind outlived a collection, as those of a thousand requests
 * under way do, it would otherwise make all of that kind old ones from then on. What a request has made then dies old,
 * and holds the request up to the next full collection: up to a fifth of all processing time went there.
 */
export function disableAllocationSitePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
