import { Module } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

/** The removal of finished ingestions. */
@Module({ providers: [RetentionService] })
export class RetentionModule {}
