import { Module } from '@nestjs/common';
import { ResultService } from './result.service.js';
import { ResultsController } from './results.controller.js';

/** Provides the results of ids. */
@Module({ controllers: [ResultsController], providers: [ResultService], exports: [ResultService] })
export class ResultsModule {}
