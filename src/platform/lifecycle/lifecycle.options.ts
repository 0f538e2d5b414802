import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { SECOND_MS } from '../config/units.js';

/** Options of the stop. */
@Injectable()
export class LifecycleOptions {
  /** How long calls in flight may still take after a stop signal. */
  readonly shutdownGraceMs: number;

  constructor({ variables }: Configuration) {
    this.shutdownGraceMs = variables.SHUTDOWN_GRACE * SECOND_MS;
  }
}
