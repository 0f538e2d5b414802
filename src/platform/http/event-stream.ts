import type { MessageEvent } from '@nestjs/common';
import { endWith, ignoreElements, interval, map, merge, share, takeUntil, type Observable } from 'rxjs';

const HEARTBEAT_MS = 15_000;

/**
 * Maximum number of buffered characters of an event stream whose client does not read. Beyond it the client is
 * disconnected and may connect again.
 */
export const MAX_PENDING_CHARACTERS = 1_000_000;

/** Adds a comment every 15 seconds to a stream of server-sent events, until the events end. */
export function withHeartbeat(events: Observable<MessageEvent>): Observable<MessageEvent> {
  const shared = events.pipe(share());
  const heartbeat = interval(HEARTBEAT_MS).pipe(
    map((): MessageEvent => ({ comment: 'still here' })),
    takeUntil(shared.pipe(ignoreElements(), endWith(null))),
  );
  return merge(shared, heartbeat);
}
