import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';
import { DAY_MS } from '../../platform/config/units.js';

/** Options of the audit log. */
@Injectable()
export class AuditOptions {
  /** Entries are deleted after this time. */
  readonly retentionMs: number;

  constructor({ variables: { AUDIT_RETENTION_DAYS } }: Configuration) {
    this.retentionMs = AUDIT_RETENTION_DAYS * DAY_MS;
  }
}
