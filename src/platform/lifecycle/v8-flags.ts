import { setFlagsFromString } from 'node:v8';

/**
 * Disables allocation-site pretenuring. After a burst, such as a thousand requests in flight, V8 otherwise
 * allocates short-lived request objects in old space, where only a full GC frees them. Measured after such a
 * burst, in 1.5 s of reads: 250 to 320 ms of GC with it, 10 to 12 ms without.
 */
export function disableAllocationSitePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
