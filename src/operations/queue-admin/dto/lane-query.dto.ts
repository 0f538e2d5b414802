import { OptionalLane } from '../../../ingestion/dto/lane.validator.js';

/** Which lane is meant. */
export class LaneQuery {
  @OptionalLane('Only this lane; all of them without it.')
  readonly lane?: string;
}
