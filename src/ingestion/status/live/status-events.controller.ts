import { Controller, Headers, Param, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  concatMap,
  endWith,
  from,
  interval,
  map,
  mergeMap,
  mergeWith,
  takeWhile,
  type Observable,
} from 'rxjs';
import { MAX_PENDING_CHARACTERS, withHeartbeat } from '../../../platform/http/event-stream.js';
import { ConnectionMetrics } from '../../../platform/telemetry/connection-metrics.js';
import { AccessMonitor } from '../../../platform/auth/access-monitor.js';
import { OpenStreams } from '../../../platform/rate-limit/open-streams.js';
import { RequireScope } from '../../../platform/auth/require-scope.decorator.js';
import { ApiStatusEvents } from '../dto/status.openapi.js';
import { EstimateService } from '../../estimate/estimate.service.js';
import { StatusService } from '../status.service.js';
import { LAST_EVENT, StatusEventBuilder } from './status-event-builder.js';
import { StatusWatcher } from './status-watcher.js';

/** Time between two looks at the cause that holds a list, which changes without the list. */
const CAUSE_INTERVAL_MS = 5000;

/** Streams the progress of ingestions to clients. */
@ApiTags('ingestion')
@RequireScope('read')
@Controller()
export class StatusEventsController {
  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly estimates: EstimateService,
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
    const events = new StatusEventBuilder(
      this.service,
      async (head) => (await this.estimates.forIngestion(head)).heldBy,
      lastEventId,
    );
    const causeTimes = interval(CAUSE_INTERVAL_MS).pipe(map(() => null));
    const changes = this.metrics.trackWatcher('events', this.watcher.watch(ingestionId)).pipe(
      endWith('end' as const),
      mergeWith(causeTimes),
      takeWhile((head) => head !== 'end'),
      concatMap((head) => (head === null ? events.nextCause().catch(() => []) : events.next(head))),
      mergeMap((batch) => from(batch)),
      takeWhile(({ id }) => id !== LAST_EVENT, true),
    );
    return this.access.endEvents(withHeartbeat(changes));
  }
}
