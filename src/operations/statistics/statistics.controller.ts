import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { parseQuery } from '../../platform/http/parse-query.js';
import { assertLane } from '../../ingestion/dto/lane.validator.js';
import { ApiCommonProblems, ApiInvalidParameter } from '../../platform/openapi/problem-responses.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { HistoryQuery } from './dto/statistics-query.dto.js';
import { HistoryResponse } from './dto/statistics-response.dto.js';
import { toStatisticsResponse } from './dto/statistics.mapper.js';
import { StatisticsService } from './statistics.service.js';

/** Shows statistics of dispatches. */
@RequireScope('read')
@ApiTags('operation')
@Controller('history')
export class StatisticsController {
  constructor(private readonly service: StatisticsService) {}

  @ApiOperation({
    operationId: 'getHistory',
    summary: 'Get statistics of dispatches',
    description:
      'Counts of the last hour, day, week or month over all replicas, of one lane or of all lanes together, as the ' +
      'dashboard shows them. They are written once a minute; if a process is killed, its last minute is ' +
      'lost.',
  })
  @ApiQuery({ type: HistoryQuery })
  @ApiOkResponse({ type: HistoryResponse, description: 'One point for each step of time.' })
  @ApiInvalidParameter('range', 'must be one of hour, day, week, month')
  @ApiCommonProblems()
  @Get()
  async read(@Query() query: Record<string, unknown>): Promise<HistoryResponse> {
    const { range, lane } = parseQuery(query, HistoryQuery);
    return toStatisticsResponse(
      await this.service.read(range, lane === undefined ? null : assertLane(lane, this.service.lanes)),
    );
  }
}
