export type {
  DispatchHandler,
  DispatchContext,
  LaneHandlerErrorOptions,
  HandlerResult,
} from './embedding/dispatch-handler.js';
export { LaneHandlerError } from './embedding/dispatch-handler.js';
export { InjectLane, InjectSluice, LaneHandler, OnIngestionFinished } from './embedding/nest/decorators.js';
export { Sluice } from './embedding/nest/sluice.js';
export { SluiceLane } from './embedding/nest/sluice-lane.js';
export {
  SluiceModule,
  type SluiceModuleAsyncOptions,
  type SluiceModuleOptions,
} from './embedding/nest/sluice.module.js';
export type {
  LaneRegistrationOptions,
  SluiceHttpOptions,
  SluiceOptions,
} from './embedding/nest/sluice.options.js';
export { SluiceError, type SluiceErrorDetails, type SluiceErrorKind } from './embedding/sluice-error.js';
export type { LaneSettings, SluiceSettings } from './embedding/sluice-settings.js';
export type {
  FinishedList,
  ListHeldBy,
  ListPriority,
  ListProgress,
  ListStatus,
  SqlTransaction,
  SubmitOptions,
  SubmittedList,
} from './embedding/sluice-service.js';
