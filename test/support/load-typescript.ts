/** Loads the sources of the service directly (for `node --import`), so that a child process needs no build. */
import { loadTypescript } from './typescript-hooks.ts';

loadTypescript(['src']);
