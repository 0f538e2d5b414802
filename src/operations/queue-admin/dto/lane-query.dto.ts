import { OptionalLane } from '../../../ingestion/dto/lane.validator.js';

/** The lane of a request. */
export class LaneQuery {
  @OptionalLane('Only this lane; all of them without it.')
  readonly lane?: string;
}
