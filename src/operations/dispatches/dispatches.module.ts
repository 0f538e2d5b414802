import { Module } from '@nestjs/common';
import { DispatchesService } from './dispatches.service.js';
import { DispatchesController } from './dispatches.controller.js';
import { IngestionDispatchesController } from './ingestion-dispatches.controller.js';

/** Provides the timeline of dispatches. */
@Module({
  controllers: [DispatchesController, IngestionDispatchesController],
  providers: [DispatchesService],
})
export class DispatchesModule {}
