import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';
import { DAY_MS } from '../../platform/config/units.js';

/** Options of the deletion of finished ingestions. */
@Injectable()
export class RetentionOptions {
  /** Finished ingestions are deleted after this time; null keeps them for ever. */
  readonly retentionMs: number | null;

  constructor({ variables: { RETENTION_DAYS } }: Configuration) {
    this.retentionMs = RETENTION_DAYS === 0 ? null : RETENTION_DAYS * DAY_MS;
  }
}
