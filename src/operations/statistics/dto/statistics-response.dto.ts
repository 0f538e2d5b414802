import { ApiProperty } from '@nestjs/swagger';

const COUNT = { type: 'integer', minimum: 0 } as const;

/** Pending ids at one time. */
export class HistoryWaiting {
  @ApiProperty({ ...COUNT, description: 'Ids of priority HIGH that were never sent.', example: 3 })
  readonly high!: number;

  @ApiProperty({ ...COUNT, description: 'Ids of priority MEDIUM that were never sent.', example: 12 })
  readonly medium!: number;

  @ApiProperty({ ...COUNT, description: 'Ids of priority LOW that were never sent.', example: 1000 })
  readonly low!: number;

  @ApiProperty({ ...COUNT, description: 'Ids pending for a retry.', example: 2 })
  readonly retries!: number;
}

/** One step of the statistics. */
export class HistoryPoint {
  @ApiProperty({
    description: 'The start of the step.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly at!: string;

  @ApiProperty({ ...COUNT, description: 'Dispatches that ended in it.', example: 12 })
  readonly dispatches!: number;

  @ApiProperty({ ...COUNT, description: 'Ids in these dispatches.', example: 36 })
  readonly ids_sent!: number;

  @ApiProperty({ ...COUNT, description: 'Ids that succeeded.', example: 34 })
  readonly completed!: number;

  @ApiProperty({ ...COUNT, description: 'Ids that failed and are retried.', example: 1 })
  readonly retried!: number;

  @ApiProperty({ ...COUNT, description: 'Ids that failed for good.', example: 1 })
  readonly failed!: number;

  @ApiProperty({
    description: 'The mean duration of an upstream request; null if there was none.',
    type: 'number',
    nullable: true,
    example: 812.5,
  })
  readonly latency_mean_ms!: number | null;

  @ApiProperty({
    description: 'The duration of the slowest upstream request; null if there was none.',
    type: 'number',
    nullable: true,
    example: 2950,
  })
  readonly latency_max_ms!: number | null;

  @ApiProperty({ description: 'Pending ids at the end of the step.', type: () => HistoryWaiting })
  readonly waiting!: HistoryWaiting;
}

/** The statistics of dispatches in a period. */
export class HistoryResponse {
  @ApiProperty({ description: 'The length of a step.', type: 'integer', minimum: 1, example: 60 })
  readonly step_seconds!: number;

  @ApiProperty({
    description: 'The oldest first; the last step is still in progress.',
    type: () => [HistoryPoint],
  })
  readonly points!: readonly HistoryPoint[];
}
