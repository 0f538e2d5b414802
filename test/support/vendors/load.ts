/** Loads the vendors as they are written (for `node --import`), without a build. */
import { loadTypescript } from '../typescript-hooks.ts';

loadTypescript(['test/support/vendors']);
