import { Module, RequestMethod, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { JsonBodyMiddleware } from '../../platform/http/json-body.middleware.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { LaneRetirement } from './lane-retirement.js';
import { LanesController } from './lanes.controller.js';

/** Provides the settings of lanes. */
@Module({ imports: [SchedulerModule], controllers: [LanesController], providers: [LaneRetirement] })
export class LanesModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(JsonBodyMiddleware)
      .forRoutes(
        { path: 'lanes/:lane', method: RequestMethod.PATCH },
        { path: 'lanes/:lane', method: RequestMethod.PUT },
      );
  }
}
