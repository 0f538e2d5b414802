import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import { AUDIT_ACTIONS, type AuditAction } from '../../../domain/audit.js';
import { IsRfc3339 } from '../../../platform/http/is-rfc3339.validator.js';

export const MAX_PAGE_SIZE = 1000;

/** The filter and page of the audit log. Without parameters it selects the newest entries. */
export class AuditQuery {
  @PageSize('The maximum number of entries.', { max: MAX_PAGE_SIZE, initial: 100 })
  readonly limit: number = 100;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '1795514400000-4711' })
  @IsOptional()
  @Matches(/^\d{1,15}-[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;

  @ApiPropertyOptional({
    description: 'Only acts at this time or later.',
    format: 'date-time',
    example: '2026-11-24T00:00:00Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly from?: string;

  @ApiPropertyOptional({
    description: 'Only acts at this time or earlier.',
    format: 'date-time',
    example: '2036-11-24T23:59:59Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly to?: string;

  @ApiPropertyOptional({ description: 'Only acts of this client.', example: 'billing' })
  @IsOptional()
  @IsString()
  readonly client?: string;

  @ApiPropertyOptional({
    description: 'Only acts of this kind.',
    enum: AUDIT_ACTIONS,
    enumName: 'AuditAction',
    example: 'pause_lane',
  })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS, { message: `must be one of ${AUDIT_ACTIONS.join(', ')}` })
  readonly action?: AuditAction;

  @ApiPropertyOptional({ description: 'Only acts on this lane, or on lists of it.', example: 'default' })
  @IsOptional()
  @IsString()
  readonly lane?: string;

  @ApiPropertyOptional({
    description: 'Only acts on what has this id, for example an ingestion.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  @IsOptional()
  @IsString()
  readonly target?: string;
}
