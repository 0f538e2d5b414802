import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseQuery } from '../../platform/http/parse-query.js';
import { assertLane } from '../../ingestion/dto/lane.validator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import type { QueuesResponse } from './dto/queue-response.dto.js';
import { LaneQuery } from './dto/lane-query.dto.js';
import { toLaneActivitiesResponse, type LaneActivitiesResponse } from './dto/lane-activity-response.dto.js';
import { ApiLaneActivities, ApiLaneQueue, ApiQueue } from './dto/queue.openapi.js';
import { toQueuesResponse } from './dto/queue.mapper.js';
import { QueueService } from './queue.service.js';

/** Shows the queue, pauses and resumes it. */
@ApiTags('operation')
@Controller('queue')
export class QueueController {
  constructor(private readonly service: QueueService) {}

  @ApiQueue('getQueue', 'Get the state of the queue', 'The cost does not grow with the queue.')
  @RequireScope('read')
  @Get()
  async show(): Promise<QueuesResponse> {
    return toQueuesResponse(await this.service.states());
  }

  @ApiLaneActivities()
  @RequireScope('observe') // messages of the upstream may name ids of every client
  @Get('activity')
  async activity(): Promise<LaneActivitiesResponse> {
    return toLaneActivitiesResponse(await this.service.activities());
  }

  @ApiLaneQueue(
    'pauseLane',
    'Pause dispatching',
    'Pauses dispatching on all replicas until it is resumed, also across restarts. Ingestions are still ' +
      'accepted; upstream requests in flight end as usual.',
  )
  @RequireScope('admin')
  @Post('pause')
  @HttpCode(200)
  async pause(@Query() query: Record<string, unknown>): Promise<QueuesResponse> {
    await this.service.pause(this.laneIn(query));
    return toQueuesResponse(await this.service.states());
  }

  @RequireScope('admin')
  @ApiLaneQueue(
    'resumeLane',
    'Resume dispatching',
    'Other replicas resume within a second. The pace also holds across the pause.',
  )
  @Post('resume')
  @HttpCode(200)
  async resume(@Query() query: Record<string, unknown>): Promise<QueuesResponse> {
    await this.service.resume(this.laneIn(query));
    return toQueuesResponse(await this.service.states());
  }

  private laneIn(query: Record<string, unknown>): string | undefined {
    const { lane } = parseQuery(query, LaneQuery);
    return lane === undefined ? undefined : assertLane(lane, this.service.names);
  }
}
