import { ApiProperty } from '@nestjs/swagger';
import { HELD_BY_KINDS, type HeldBy } from '../../domain/held-by.js';

/** The cause for which a lane sends nothing now. */
export class HeldByResponse {
  @ApiProperty({
    description:
      'The strongest cause. `paused`: by an operator. `upstream`: the upstream asked to wait (Retry-After, a limit that ' +
      'is used up, or a 429). `breaker`: the upstream fails. `capacity`: `MAX_IN_FLIGHT` calls are in flight. ' +
      '`nothing_pending`: no id is pending. `retry`: all pending ids are retries that are not due. `limit`: one of ' +
      '`LIMITS` is used up. `filling`: fewer ids than `MIN_FILL` are pending. `pace`: `BATCH_DELAY` since the last dispatch is not over.',
    enum: HELD_BY_KINDS,
    example: 'limit',
  })
  readonly kind!: HeldBy['kind'];

  @ApiProperty({
    description: 'The time since when it holds the lane; null if that is unknown.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly since!: string | null;

  @ApiProperty({
    description:
      'The time at which it ends by itself, rounded to seconds; null if no time ends it, or if that is unknown.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:10.000Z',
  })
  readonly until!: string | null;

  @ApiProperty({
    description: 'The limit, as `LIMITS` states it; null for every other kind.',
    type: 'string',
    nullable: true,
    example: '190 calls per 10 s',
  })
  readonly limit!: string | null;

  @ApiProperty({
    description: 'The cause in words, without its times.',
    example: 'the limit of 190 calls per 10 s is used up',
  })
  readonly text!: string;
}

/** Maps the cause that holds a lane to a response; null if nothing holds it. */
export function toHeldByResponse(heldBy: HeldBy | null): HeldByResponse | null {
  if (heldBy === null) {
    return null;
  }
  const { kind, sinceMs, untilMs, limit, text } = heldBy;
  return { kind, since: toDate(sinceMs), until: toDate(toSecond(untilMs)), limit, text };
}

/** Rounds to whole seconds, so that the same end is not told anew with each reading of the clock. */
function toSecond(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000) * 1000;
}

function toDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
