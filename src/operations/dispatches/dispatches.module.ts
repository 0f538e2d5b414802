import { Module } from '@nestjs/common';
import { DispatchSurvey } from './dispatches.service.js';
import { DispatchesController } from './dispatches.controller.js';

/** The timeline of dispatches. */
@Module({ controllers: [DispatchesController], providers: [DispatchSurvey] })
export class DispatchesModule {}
