/**
 * Loads the sources for a simulation (`node --import`), without a build. With `SIMULATION_PLANTED` it plants one of the
 * bugs of `planted-bugs.ts` in the source that the bug names.
 */
import { loadTypescript } from '../support/typescript-hooks.ts';
import { plantBug, PLANTED_BUGS } from './planted-bugs.ts';

const planted = PLANTED_BUGS.find(({ name }) => name === process.env['SIMULATION_PLANTED']);

loadTypescript(['src', 'test'], (text, path) => (path === planted?.file ? plantBug(text, planted) : text));
