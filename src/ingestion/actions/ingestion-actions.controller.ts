import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import type { StatusHeadResponse } from '../status/dto/status-response.dto.js';
import { toStatusHead } from '../status/dto/status.mapper.js';
import { EstimateService } from '../estimate/estimate.service.js';
import { StatusService } from '../status/status.service.js';
import { ApiCancel, ApiReprioritize } from './dto/ingestion-actions.openapi.js';
import { IngestionActionsService } from './ingestion-actions.service.js';
import { PriorityRequest } from './dto/priority-request.dto.js';
import { PriorityRequestPipe } from './dto/priority-request.pipe.js';

/** Lets clients cancel and reprioritize ingestions. */
@ApiTags('ingestion')
@Controller('ingestions/:ingestion_id')
export class IngestionActionsController {
  constructor(
    private readonly actions: IngestionActionsService,
    private readonly status: StatusService,
    private readonly estimates: EstimateService,
  ) {}

  @ApiCancel()
  @RequireScope('submit')
  @Post('cancel')
  @HttpCode(200)
  async cancel(@Param('ingestion_id') ingestionId: string): Promise<StatusHeadResponse> {
    await this.actions.cancel(ingestionId);
    return this.show(ingestionId);
  }

  @ApiReprioritize()
  @RequireScope('submit')
  @Patch()
  async reprioritise(
    @Param('ingestion_id') ingestionId: string,
    @Body(PriorityRequestPipe) { priority }: PriorityRequest,
  ): Promise<StatusHeadResponse> {
    await this.actions.reprioritize(ingestionId, priority);
    return this.show(ingestionId);
  }

  private async show(ingestionId: string): Promise<StatusHeadResponse> {
    const head = await this.status.findById(ingestionId);
    return toStatusHead(head, await this.estimates.forIngestion(head));
  }
}
