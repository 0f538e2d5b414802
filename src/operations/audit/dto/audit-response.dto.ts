import { ApiProperty } from '@nestjs/swagger';
import { AUDIT_ACTIONS, type AuditAction, type AuditValue } from '../../../domain/audit.js';
import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';

/** An act that changed something. */
export class AuditEntryView {
  @ApiProperty({
    description: 'The id of the entry.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1d',
  })
  readonly entry_id!: string;

  @ApiProperty({ description: 'When it began.', format: 'date-time', example: '2026-11-24T10:00:05.000Z' })
  readonly at!: string;

  @ApiProperty({
    description: 'The kind of the act.',
    enum: AUDIT_ACTIONS,
    enumName: 'AuditAction',
    example: 'reprioritize',
  })
  readonly action!: AuditAction;

  @ApiProperty({
    description:
      'The name of the API key or token; null without authentication, and for an application around the service.',
    type: 'string',
    nullable: true,
    example: 'billing',
  })
  readonly client!: string | null;

  @ApiProperty({
    description: 'The address that the request came from; null for an application around the service.',
    type: 'string',
    nullable: true,
    example: '192.0.2.7',
  })
  readonly address!: string | null;

  @ApiProperty({
    description: 'The `X-Request-Id` of the request; null for an application around the service.',
    type: 'string',
    nullable: true,
    example: 'b3XkVYH1Q2mZ.4f',
  })
  readonly request_id!: string | null;

  @ApiProperty({
    description: 'The lane; null if several.',
    type: 'string',
    nullable: true,
    example: 'default',
  })
  readonly lane!: string | null;

  @ApiProperty({
    description: 'The id of what was changed, for example of the ingestion; null if a filter selected it.',
    type: 'string',
    nullable: true,
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly target!: string | null;

  @ApiProperty({
    description: 'The number of ids or dead letters that were changed; null where nothing is counted.',
    type: 'integer',
    minimum: 0,
    nullable: true,
    example: 5000,
  })
  readonly affected!: number | null;

  @ApiProperty({ ...ANY_JSON, description: 'The value before; null where the act has none.', example: 'LOW' })
  readonly from!: AuditValue;

  @ApiProperty({ ...ANY_JSON, description: 'The value after; null where the act has none.', example: 'HIGH' })
  readonly to!: AuditValue;

  @ApiProperty({
    ...ANY_JSON,
    description: 'The filter that selected what was changed; null without one.',
    example: null,
  })
  readonly filter!: AuditValue;
}

/** A page of the audit log, the newest entry first. */
export class AuditPage {
  @ApiProperty({ description: 'The newest first.', type: () => [AuditEntryView] })
  readonly entries!: readonly AuditEntryView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '1795514400000-4711',
  })
  readonly next!: string | null;
}
