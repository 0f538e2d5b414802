import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import type { StatusHeadResponse } from '../status/dto/status-response.dto.js';
import { toStatusHead } from '../status/dto/status.mapper.js';
import { OutlookService } from '../estimate/estimate.service.js';
import { StatusService } from '../status/status.service.js';
import { DocumentCancel, DocumentReprioritise } from './dto/ingestion-actions.openapi.js';
import { ControlService } from './ingestion-actions.service.js';
import { PriorityRequest } from './dto/priority-request.dto.js';
import { PriorityRequestPipe } from './dto/priority-request.pipe.js';

/** Where clients change their mind. */
@ApiTags('ingestion')
@Controller('ingestions/:ingestion_id')
export class ControlController {
  constructor(
    private readonly control: ControlService,
    private readonly status: StatusService,
    private readonly outlook: OutlookService,
  ) {}

  @DocumentCancel()
  @RequireScope('submit')
  @Post('cancel')
  @HttpCode(200)
  async cancel(@Param('ingestion_id') ingestionId: string): Promise<StatusHeadResponse> {
    await this.control.cancel(ingestionId);
    return this.show(ingestionId);
  }

  @DocumentReprioritise()
  @RequireScope('submit')
  @Patch()
  async reprioritise(
    @Param('ingestion_id') ingestionId: string,
    @Body(PriorityRequestPipe) { priority }: PriorityRequest,
  ): Promise<StatusHeadResponse> {
    await this.control.reprioritise(ingestionId, priority);
    return this.show(ingestionId);
  }

  private async show(ingestionId: string): Promise<StatusHeadResponse> {
    const head = await this.status.findHead(ingestionId);
    return toStatusHead(head, await this.outlook.of(head));
  }
}
