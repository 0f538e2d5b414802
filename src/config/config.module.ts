import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from '../time/clock.js';
import { Config } from './config.js';
import { loadConfig } from './load-config.js';

/** What every module may ask for: the configuration, and the time. */
@Global()
@Module({
  providers: [
    { provide: Config, useFactory: () => loadConfig(process.env) },
    { provide: Clock, useClass: SystemClock },
  ],
  exports: [Config, Clock],
})
export class ConfigModule {}
