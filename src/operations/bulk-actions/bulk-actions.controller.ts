import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { BulkActionsService, type BulkActionRequest } from './bulk-actions.service.js';
import { BulkActionRequestPipe } from './dto/bulk-action-request.pipe.js';
import { BulkActionsQuery, type BulkActionPage, type BulkActionView } from './dto/bulk-action.dto.js';
import { toBulkActionPage, toBulkActionView } from './dto/bulk-action.mapper.js';
import {
  ApiGetBulkAction,
  ApiListBulkActions,
  ApiPlanBulkAction,
  ApiStartBulkAction,
  ApiStopBulkAction,
} from './dto/bulk-actions.openapi.js';

/** Plans, starts, stops and shows actions on all that match a filter. */
@RequireScope('admin')
@ApiTags('operation')
@Controller('bulk-actions')
export class BulkActionsController {
  constructor(private readonly service: BulkActionsService) {}

  @ApiPlanBulkAction()
  @Post()
  async plan(@Body(BulkActionRequestPipe) request: BulkActionRequest): Promise<BulkActionView> {
    return toBulkActionView(await this.service.plan(request));
  }

  @ApiListBulkActions()
  @RequireScope('observe')
  @Get()
  async list(@Query() query: Record<string, unknown>): Promise<BulkActionPage> {
    const { after, limit } = parseQuery(query, BulkActionsQuery);
    const before = after === undefined ? null : Number(after);
    return toBulkActionPage(await this.service.list(before, limit), limit);
  }

  @ApiGetBulkAction()
  @RequireScope('observe')
  @Get(':bulk_action_id')
  async find(@Param('bulk_action_id') bulkActionId: string): Promise<BulkActionView> {
    return toBulkActionView(await this.service.find(bulkActionId));
  }

  @ApiStartBulkAction()
  @Post(':bulk_action_id/start')
  @HttpCode(202)
  async start(@Param('bulk_action_id') bulkActionId: string): Promise<BulkActionView> {
    return toBulkActionView(await this.service.start(bulkActionId));
  }

  @ApiStopBulkAction()
  @Post(':bulk_action_id/stop')
  @HttpCode(200)
  async stop(@Param('bulk_action_id') bulkActionId: string): Promise<BulkActionView> {
    return toBulkActionView(await this.service.stop(bulkActionId));
  }
}
