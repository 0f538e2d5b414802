import { ApiProperty } from '@nestjs/swagger';

/** A complete backup that is on the disk. */
export class BackupResponse {
  @ApiProperty({
    description: 'The file name in `BACKUP_DIR`.',
    example: 'sluice-2026-11-24T10-00-00-000Z.sqlite',
  })
  readonly file!: string;

  @ApiProperty({ description: 'Its size in bytes.', type: 'integer', minimum: 0, example: 40_960_000 })
  readonly bytes!: number;

  @ApiProperty({ description: 'The duration of the backup.', type: 'number', minimum: 0, example: 0.85 })
  readonly duration_seconds!: number;
}
