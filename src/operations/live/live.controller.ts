import { Controller, Get, Query, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { from, mergeMap, type Observable } from 'rxjs';
import { MAX_PENDING_CHARACTERS, withHeartbeat } from '../../platform/http/event-stream.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { OpenStreams } from '../../platform/rate-limit/open-streams.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { Clock } from '../../domain/clock.js';
import { toQueuedRunView } from './dto/live.mapper.js';
import { ApiLiveEvents, ApiUpcoming } from './dto/live.openapi.js';
import { GateLaneQuery, UpcomingQuery } from './dto/upcoming-query.dto.js';
import type { UpcomingResponse } from './dto/upcoming-response.dto.js';
import { LiveEventBuilder } from './live-event-builder.js';
import { LiveService } from './live.service.js';

/** Streams dispatches as they happen, and shows the ids that are next. */
@RequireScope('observe')
@ApiTags('operation')
@Controller()
export class LiveController {
  constructor(
    private readonly service: LiveService,
    private readonly clock: Clock,
    private readonly access: AccessMonitor,
    private readonly openStreams: OpenStreams,
  ) {}

  @ApiUpcoming()
  @Get('queue/next')
  async upcoming(@Query() query: Record<string, unknown>): Promise<UpcomingResponse> {
    const { limit, lane } = parseQuery(query, UpcomingQuery);
    return { next: (await this.service.upcoming(lane, limit)).map(toQueuedRunView) };
  }

  @ApiLiveEvents()
  @Sse('events', { maxPendingDataLength: MAX_PENDING_CHARACTERS })
  events(@Query() query: Record<string, unknown>, @Req() request: Request): Observable<MessageEvent> {
    const snapshots = this.service.watch(parseQuery(query, GateLaneQuery).lane);
    this.openStreams.open(request);
    const events = new LiveEventBuilder(() => this.clock.wallMs());
    const changes = snapshots.pipe(mergeMap((snapshot) => from(events.next(snapshot))));
    return this.access.endEvents(withHeartbeat(changes));
  }
}
