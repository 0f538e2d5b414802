import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import type { LogLevel } from '../config/variables/server.js';

/** Options of the log. */
@Injectable()
export class LoggingOptions {
  readonly level: LogLevel;

  constructor({ variables }: Configuration) {
    this.level = variables.LOG_LEVEL;
  }
}
