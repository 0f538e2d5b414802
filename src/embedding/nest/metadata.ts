/** The key under which a class names the lane that it handles; its value is a {@link LaneAddress}. */
export const LANE_HANDLER = 'sluice:lane-handler';

/** The key under which a method names the Sluice whose finished lists it receives. */
export const FINISHED_LISTENER = 'sluice:on-ingestion-finished';

/** Names a lane of one Sluice. */
export interface LaneAddress {
  readonly lane: string;
  readonly sluice: string;
}
