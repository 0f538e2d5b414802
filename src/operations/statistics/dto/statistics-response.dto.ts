import { ApiProperty } from '@nestjs/swagger';

const COUNT = { type: 'integer', minimum: 0 } as const;

/** Pending ids at one time. */
export class HistoryWaiting {
  @ApiProperty({ ...COUNT, description: 'Never sent, of priority HIGH.', example: 3 })
  readonly high!: number;

  @ApiProperty({ ...COUNT, description: 'Never sent, of priority MEDIUM.', example: 12 })
  readonly medium!: number;

  @ApiProperty({ ...COUNT, description: 'Never sent, of priority LOW.', example: 1000 })
  readonly low!: number;

  @ApiProperty({ ...COUNT, description: 'To be sent again.', example: 2 })
  readonly retries!: number;
}

/** One step of the statistics. */
export class HistoryPoint {
  @ApiProperty({ description: 'When it began.', format: 'date-time', example: '2026-11-24T10:00:00.000Z' })
  readonly at!: string;

  @ApiProperty({ ...COUNT, description: 'Dispatches that ended in it.', example: 12 })
  readonly dispatches!: number;

  @ApiProperty({ ...COUNT, description: 'Ids in these dispatches.', example: 36 })
  readonly ids_sent!: number;

  @ApiProperty({ ...COUNT, description: 'Of these: succeeded.', example: 34 })
  readonly completed!: number;

  @ApiProperty({ ...COUNT, description: 'Of these: failed, and to be tried again.', example: 1 })
  readonly retried!: number;

  @ApiProperty({ ...COUNT, description: 'Of these: gave up.', example: 1 })
  readonly failed!: number;

  @ApiProperty({
    description: 'What a call to the upstream took on average; null where there was none.',
    type: 'number',
    nullable: true,
    example: 812.5,
  })
  readonly latency_mean_ms!: number | null;

  @ApiProperty({
    description: 'What the slowest one took; null where there was none.',
    type: 'number',
    nullable: true,
    example: 2950,
  })
  readonly latency_max_ms!: number | null;

  @ApiProperty({ description: 'What waited at its end.', type: () => HistoryWaiting })
  readonly waiting!: HistoryWaiting;
}

/** The statistics of dispatches in a period. */
export class HistoryResponse {
  @ApiProperty({ description: 'How long a step is.', type: 'integer', minimum: 1, example: 60 })
  readonly step_seconds!: number;

  @ApiProperty({ description: 'The oldest first, the last one still going on.', type: () => [HistoryPoint] })
  readonly points!: readonly HistoryPoint[];
}
