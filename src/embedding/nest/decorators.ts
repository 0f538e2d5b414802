import { Inject, SetMetadata, type CustomDecorator } from '@nestjs/common';
import { FINISHED_LISTENER, LANE_HANDLER, type LaneAddress } from './metadata.js';
import { DEFAULT_NAME, laneToken, sluiceToken } from './tokens.js';

/**
 * Makes a provider the upstream of a lane: its method `handle` is called once for each dispatch. The provider is a
 * singleton and implements the interface `DispatchHandler`.
 */
export function LaneHandler(lane: string, sluice = DEFAULT_NAME): CustomDecorator {
  const address: LaneAddress = { lane, sluice };
  return SetMetadata(LANE_HANDLER, address);
}

/** Injects a {@link SluiceLane} that was registered by `registerLane` or `forRoot`. */
export function InjectLane(lane = 'default', sluice = DEFAULT_NAME): ParameterDecorator & PropertyDecorator {
  return Inject(laneToken(lane, sluice));
}

/** Injects a {@link Sluice} by its name; one without a name is injected by its class. */
export function InjectSluice(sluice = DEFAULT_NAME): ParameterDecorator & PropertyDecorator {
  return Inject(sluiceToken(sluice));
}

/**
 * Calls the method with a {@link FinishedList} when a list that was submitted by this application has finished. It is
 * called at least once for each list, also after a restart: an error repeats the call later.
 */
export function OnIngestionFinished(sluice = DEFAULT_NAME): CustomDecorator {
  return SetMetadata(FINISHED_LISTENER, sluice);
}
