/** Keeps all objects that it makes, as requests in flight do. With `young`, sets the service's V8 flag. */
import { disableAllocationSitePretenuring } from '../../src/platform/lifecycle/v8-flags.js';

const COLLECTIONS = 20;
const OBJECTS = 2000;

if (process.argv[2] === 'young') {
  disableAllocationSitePretenuring();
}
const kept: object[] = [];
for (let collection = 0; collection < COLLECTIONS; collection++) {
  for (let object = 0; object < OBJECTS; object++) {
    kept.push([object, { object }]);
  }
  globalThis.gc?.({ type: 'minor' });
}
