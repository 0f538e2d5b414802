import { OptionalLane } from '../../../ingestion/dto/lane.validator.js';

/** The lane of a request. */
export class LaneQuery {
  @OptionalLane('Only this lane; default: all lanes.')
  readonly lane?: string;
}
