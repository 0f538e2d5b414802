import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { SECOND_MS } from '../config/units.js';

/** Options of the shutdown. */
@Injectable()
export class LifecycleOptions {
  /** The time that upstream requests in flight may take after a stop signal, in ms. */
  readonly shutdownGraceMs: number;

  constructor({ variables }: Configuration) {
    this.shutdownGraceMs = variables.SHUTDOWN_GRACE * SECOND_MS;
  }
}
