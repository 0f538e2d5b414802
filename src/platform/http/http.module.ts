import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuditTrail } from '../telemetry/audit-trail.js';
import { AllowedMethods } from './allowed-methods.js';
import { LongResponseQueue } from './long-response-queue.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

/** Provides the HTTP parts that all endpoints share. */
@Global()
@Module({
  providers: [
    AllowedMethods,
    AuditTrail,
    LongResponseQueue,
    { provide: APP_FILTER, useClass: ProblemDetailsFilter },
  ],
  exports: [AuditTrail, LongResponseQueue],
})
export class HttpModule {}
