import { IsIn, IsOptional } from 'class-validator';
import { RETIRE_MODES, type RetireMode } from '../../../scheduler/settings/lane-settings.repository.js';

/** The parameters of `DELETE /lanes/{lane}`. */
export class RetireQuery {
  @IsOptional()
  @IsIn(RETIRE_MODES, { message: `must be one of ${RETIRE_MODES.join(', ')}` })
  readonly pending?: RetireMode;
}
