import { Controller, Headers, Param, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { concatMap, from, mergeMap, takeWhile, type Observable } from 'rxjs';
import { MAX_PENDING_CHARACTERS, withHeartbeat } from '../../../platform/http/event-stream.js';
import { ConnectionMetrics } from '../../../platform/telemetry/connection-metrics.js';
import { AccessMonitor } from '../../../platform/auth/access-monitor.js';
import { OpenStreams } from '../../../platform/rate-limit/open-streams.js';
import { RequireScope } from '../../../platform/auth/require-scope.decorator.js';
import { ApiStatusEvents } from '../dto/status.openapi.js';
import { StatusService } from '../status.service.js';
import { LAST_EVENT, StatusEventBuilder } from './status-event-builder.js';
import { StatusWatcher } from './status-watcher.js';

/** Streams the progress of ingestions to clients. */
@ApiTags('ingestion')
@RequireScope('read')
@Controller()
export class StatusEventsController {
  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly metrics: ConnectionMetrics,
    private readonly access: AccessMonitor,
    private readonly openStreams: OpenStreams,
  ) {}

  @ApiStatusEvents()
  @Sse('status/:ingestion_id/events', { maxPendingDataLength: MAX_PENDING_CHARACTERS })
  async events(
    @Param('ingestion_id') ingestionId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
  ): Promise<Observable<MessageEvent>> {
    await this.service.findById(ingestionId); // 404 before a stream starts
    this.openStreams.open(request);
    const events = new StatusEventBuilder(this.service, lastEventId);
    const changes = this.metrics.trackWatcher('events', this.watcher.watch(ingestionId)).pipe(
      concatMap((head) => events.next(head)),
      mergeMap((batch) => from(batch)),
      takeWhile(({ id }) => id !== LAST_EVENT, true),
    );
    return this.access.endEvents(withHeartbeat(changes));
  }
}
