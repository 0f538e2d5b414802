import { Controller, Headers, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  concatMap,
  endWith,
  from,
  ignoreElements,
  interval,
  map,
  merge,
  mergeMap,
  share,
  takeUntil,
  takeWhile,
  type Observable,
} from 'rxjs';
import { ConnectionMetrics } from '../../../platform/telemetry/connection-metrics.js';
import { RequireScope } from '../../../platform/auth/require-scope.decorator.js';
import { ApiStatusEvents } from '../dto/status.openapi.js';
import { StatusService } from '../status.service.js';
import { LAST_EVENT, StatusEventBuilder } from './status-event-builder.js';
import { StatusWatcher } from './status-watcher.js';

const HEARTBEAT_MS = 15_000;
/**
 * Maximum number of buffered characters for a client that does not read. Beyond it the client is disconnected and may
 * resume.
 */
const MAX_PENDING = 1_000_000;

/** Streams the progress of ingestions to clients. */
@ApiTags('ingestion')
@RequireScope('read')
@Controller()
export class StatusEventsController {
  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly metrics: ConnectionMetrics,
  ) {}

  @ApiStatusEvents()
  @Sse('status/:ingestion_id/events', { maxPendingDataLength: MAX_PENDING })
  async events(
    @Param('ingestion_id') ingestionId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<Observable<MessageEvent>> {
    await this.service.findById(ingestionId); // 404 before a stream starts
    const events = new StatusEventBuilder(this.service, lastEventId);
    const changes = this.metrics.trackWatcher('events', this.watcher.watch(ingestionId)).pipe(
      concatMap((head) => events.next(head)),
      mergeMap((batch) => from(batch)),
      takeWhile(({ id }) => id !== LAST_EVENT, true),
      share(),
    );
    const heartbeat = interval(HEARTBEAT_MS).pipe(
      map((): MessageEvent => ({ comment: 'still here' })),
      takeUntil(changes.pipe(ignoreElements(), endWith(null))),
    );
    return merge(changes, heartbeat);
  }
}
