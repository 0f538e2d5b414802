import { Module } from '@nestjs/common';
import { ResultService } from './result.service.js';
import { ResultsController } from './results.controller.js';

/** The outcome of each id. */
@Module({ controllers: [ResultsController], providers: [ResultService], exports: [ResultService] })
export class ResultsModule {}
