import { Module } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

/** Provides the deletion of finished ingestions. */
@Module({ providers: [RetentionService] })
export class RetentionModule {}
