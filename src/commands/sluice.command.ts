#!/usr/bin/env node
/** The entry of the command `sluice`. Nothing but the check of Node.js may be imported before the check. */
import { exitUnlessSupported } from './supported-node.js';

exitUnlessSupported();
void import('./compile-cache.js')
  .then(({ enableCompileCache }) => {
    enableCompileCache(process.env);
    return import('./run-sluice.js');
  })
  .then(({ runSluice }) => runSluice(process.argv.slice(2)));
