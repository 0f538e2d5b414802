import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsScope } from '../security/needs-scope.js';
import type { QueueResponse } from './dto/queue-response.dto.js';
import { DocumentQueue } from './dto/queue.docs.js';
import { toQueueResponse } from './dto/queue-view.js';
import { QueueService } from './queue.service.js';

/** Where people look at the gate, stop it and open it. */
@ApiTags('operation')
@Controller('queue')
export class QueueController {
  constructor(private readonly service: QueueService) {}

  @DocumentQueue('What waits at the gate?', 'Costs the same whatever waits.')
  @NeedsScope('read')
  @Get()
  async show(): Promise<QueueResponse> {
    return toQueueResponse(await this.service.state());
  }

  @DocumentQueue(
    'Stop dispatching',
    'For every replica, and until it is resumed, over restarts too. Lists are accepted; calls under way end as usual.',
  )
  @NeedsScope('admin')
  @Post('pause')
  @HttpCode(200)
  async pause(): Promise<QueueResponse> {
    return toQueueResponse(await this.service.pause());
  }

  @NeedsScope('admin')
  @DocumentQueue('Dispatch again', 'Other replicas go on within a second. The pace holds across the pause.')
  @Post('resume')
  @HttpCode(200)
  async resume(): Promise<QueueResponse> {
    return toQueueResponse(await this.service.resume());
  }
}
