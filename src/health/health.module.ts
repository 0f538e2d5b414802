import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** Health for load balancers and people. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
