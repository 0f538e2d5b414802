import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditRetentionService } from './audit-retention.service.js';

/** Provides the audit log. */
@Module({ controllers: [AuditController], providers: [AuditRetentionService] })
export class AuditModule {}
