import { Configuration } from '../../src/platform/config/configuration.js';
import { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { AuthOptions } from '../../src/platform/auth/auth.options.js';

/** Returns the options of the scheduler for an environment; without one, the defaults. */
export function schedulerOptions(environment: Readonly<Record<string, string>> = {}): SchedulerOptions {
  const configuration = Configuration.read(environment);
  return new SchedulerOptions(configuration, new AuthOptions(configuration));
}
