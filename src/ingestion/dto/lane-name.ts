import { HttpProblem } from '../../http/problem.js';
import { DEFAULT_LANE } from '../lane.js';

/**
 * The lane that was asked for, the default one where none was.
 * @throws HttpProblem 400 where there is no such lane.
 */
export function checkLane(lane: string | undefined, names: readonly string[]): string {
  const wanted = lane ?? DEFAULT_LANE;
  if (!names.includes(wanted)) {
    throw HttpProblem.ofFields(400, [{ field: 'lane', message: 'is not a known lane' }]);
  }
  return wanted;
}
