import { useMemo, useRef, type ReactElement } from 'react';
import type { GateQueue, Queue } from '../../api/types.js';
import { slotOpensAtMs, type GateState } from '../../live/gate-state.js';
import { isStopped, isUpstreamAway } from '../../lanes/lane-state.js';
import { useTrouble } from '../../live/reachability.js';
import { useFrame, useReducedMotion, useWidth } from '../../ui/hooks.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import { DispatchCard, Gap, PlannedCard } from './dispatch-card.js';
import { Countdown, type CountdownHandle } from './countdown.js';
import {
  currentIdleReason,
  newestAtMs,
  planDispatches,
  slotMs,
  slotsSinceDispatch,
  type IdleReason,
  type TimelineItem,
} from './timeline-layout.js';
import './gap.css';
import './timeline.css';

const NARROW_WIDTH_PX = 640;
/** The room that the words behind the gate need, and half of the countdown. They are not shown with less. */
const MIN_LABEL_PX = 180;
const MIN_GATE_PX = 80;

export interface TimelineProps {
  readonly state: GateState & { readonly queue: GateQueue };
  /** The dispatches that were sent; see `layOutHistory`. */
  readonly items: readonly TimelineItem[];
  /** Time at which the timeline stands still, by the page's clock; null while it moves. */
  readonly frozenAtMs: number | null;
  /** Number of slots by which the user looks back. */
  readonly back: number;
}

/**
 * Shows sent dispatches on the left, planned ones on the right and the gate between them. It moves by one card per
 * slot: a card's left edge reaches the gate at the moment at which its call begins. React renders the cards;
 * animation frames only move two layers.
 */
export function Timeline({ state, items, frozenAtMs, back }: TimelineProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const past = useRef<HTMLOListElement>(null);
  const future = useRef<HTMLOListElement>(null);
  const since = useRef<HTMLDivElement>(null);
  const countdown = useRef<CountdownHandle>(null);
  const width = useWidth(frame);
  const isStill = useReducedMotion();

  const { queue, dispatches } = state;
  const slot = slotMs(queue);
  const cardWidth = width < NARROW_WIDTH_PX ? 138 : width < 1200 ? 168 : 190;
  const gateX = Math.round(width * (width < NARROW_WIDTH_PX ? 0.42 : 0.44));
  /** The place of the gate, which moves to the right while the user looks back. */
  const gateLeft = gateX + back * cardWidth;
  const isKnown = useTrouble() === null;
  const isAway = !isKnown || isUpstreamAway(queue);
  // the time of the next call is unknown while the upstream, the store or the service does not answer
  const opensAt = isAway ? null : slotOpensAtMs(state);
  const newestAt = newestAtMs(state);

  const planned = useMemo(() => planDispatches(queue, opensAt, slot), [queue, opensAt, slot]);
  const first = -back - gateX / cardWidth - 1;
  const visible = items.filter(
    (item) =>
      item.at + ('width' in item ? item.width : 1) >= first && item.at <= 4 + width / cardWidth - back,
  );
  const coming = planned.slice(0, Math.max(0, Math.ceil((width - gateX) / cardWidth) + 1 - Math.floor(back)));
  const emptiness = isKnown ? currentIdleReason(state) : 'unknown';

  useFrame((frameMs) => {
    const nowMs = frozenAtMs ?? frameMs;
    const elapsed = newestAt === null ? Infinity : (nowMs - newestAt) / slot;
    let behind = slotsSinceDispatch(elapsed);
    let ahead = opensAt === null ? 0 : Math.min(1, Math.max(0, (opensAt - nowMs) / slot));
    if (isStill) {
      behind = Math.floor(behind);
      ahead = Math.ceil(ahead);
    }
    move(past.current, gateX + (back - behind) * cardWidth);
    move(future.current, gateX + (back + ahead) * cardWidth);
    if (since.current !== null) {
      since.current.hidden = behind < 1.5;
      if (!since.current.hidden) {
        const room = Math.min(behind - 1, gateX / cardWidth + back) * cardWidth;
        since.current.style.width = `${String(room)}px`;
        since.current.style.transform = `translateX(${String(gateX + back * cardWidth - room)}px)`;
      }
    }
    countdown.current?.draw(opensAt === null ? null : opensAt - nowMs, slot);
  }, frozenAtMs === null);

  const shownIds = planned.reduce(
    (sum, { runs }) => sum + runs.reduce((ids, run) => ids + run.ids.length, 0),
    0,
  );
  const more = queue.waiting.total - shownIds;
  return (
    <div className="strip" ref={frame} data-emptiness={emptiness}>
      <div className="side sent" aria-hidden="true">
        ← sent
      </div>
      <div className="side waits" style={{ left: gateLeft }} aria-hidden="true">
        {width - gateLeft > MIN_LABEL_PX && `pending${more > 0 ? `, and ${formatCount(more)} more` : ''} →`}
      </div>
      <div
        className="gate-line"
        style={{ left: gateLeft }}
        data-paused={isStopped(queue) ? '' : undefined}
        aria-hidden="true"
      />
      <ol className="layer" ref={past} aria-label="Sent, the newest first">
        {visible.map((item) => (
          <li
            key={item.kind === 'gap' ? item.key : item.dispatch.dispatch_id}
            style={{ left: item.at * cardWidth, width: (item.kind === 'gap' ? item.width : 1) * cardWidth }}
          >
            {item.kind === 'gap' ? <Gap gap={item} /> : <DispatchCard dispatch={item.dispatch} />}
          </li>
        ))}
      </ol>
      <div className="since" ref={since} hidden>
        <Since emptiness={emptiness} isFirst={newestAt === null} />
      </div>
      <ol className="layer" ref={future} aria-label="Pending, in the order in which they go">
        {coming.map((each, i) => (
          <li key={each.key} style={{ left: i * cardWidth, width: cardWidth }}>
            <PlannedCard planned={each} time={toTime(state, each.atMs)} />
          </li>
        ))}
        {coming.length === 0 && (
          <li style={{ left: 0, width: Math.min(cardWidth * 2, width - gateX) }}>
            <div className="gap" data-why="empty">
              <NothingPlanned queue={queue} isKnown={isKnown} />
            </div>
          </li>
        )}
      </ol>
      <div
        className="gate"
        style={{ left: gateLeft }}
        hidden={width - gateLeft < MIN_GATE_PX}
        data-paused={isStopped(queue) ? '' : undefined}
      >
        <Countdown
          ref={countdown}
          stopped={stopOf(queue, isKnown)}
          isWaiting={queue.waiting.total + queue.retries_waiting > 0}
        />
        <span key={dispatches[0]?.dispatch_id ?? ''} className="pulse" aria-hidden="true" />
      </div>
    </div>
  );
}

const SINCE_WORDS: Readonly<Record<IdleReason, string>> = {
  idle: 'idle',
  missed: 'late',
  paused: 'paused',
  held: 'held by the upstream',
  limited: 'limit used up',
  quiet_hours: 'quiet hours',
  filling: 'filling a dispatch',
  breaker_open: 'breaker open',
  waiting_for_retry: 'retries pending',
  at_capacity: 'at capacity',
  unknown: 'not known',
};

/** Returns the word that the countdown shows while nothing is sent; null while calls may begin. */
function stopOf({ state }: Queue, isKnown: boolean): string | null {
  if (!isKnown) {
    return '?';
  }
  const words = { paused: 'paused', held: 'held', breaker_open: 'breaker', breaker_probing: 'breaker' };
  return state in words ? words[state as keyof typeof words] : null;
}

function NothingPlanned({
  queue,
  isKnown,
}: {
  readonly queue: Queue;
  readonly isKnown: boolean;
}): ReactElement {
  if (!isKnown) {
    return <strong>Pending ids not known</strong>;
  }
  const { retries_waiting: retries } = queue;
  return retries > 0 ? (
    <strong>{formatCount(retries)} wait for a retry</strong>
  ) : (
    <>
      <strong>No pending ids</strong>
      <span>
        The next list is sent as soon as it is accepted
        {isStopped(queue) ? ' and the gate is open' : ''}.
      </span>
    </>
  );
}

function Since({
  emptiness,
  isFirst,
}: {
  readonly emptiness: IdleReason;
  readonly isFirst: boolean;
}): ReactElement {
  const words = isFirst && emptiness === 'idle' ? 'Nothing sent yet' : SINCE_WORDS[emptiness];
  return (
    <div className="gap" data-why={emptiness}>
      <strong>{words}</strong>
    </div>
  );
}

function move(layer: HTMLElement | null, x: number): void {
  if (layer !== null) {
    layer.style.transform = `translate3d(${x.toFixed(2)}px, 0, 0)`;
  }
}

/** Converts a time of the page's clock to the service's clock, rounded to the second, because it is no more exact. */
function toTime({ queue, queueAtMs }: GateState, atMs: number | null): string | null {
  return queue === null || atMs === null
    ? null
    : new Date(Math.round((Date.parse(queue.now) + atMs - queueAtMs) / 1000) * 1000).toISOString();
}

export function formatPace({ pace }: Queue): string {
  const ids = `${formatCount(pace.batch_size)} ${pace.batch_size === 1 ? 'id' : 'ids'}`;
  if (pace.limits.length > 0) {
    return `${pace.limits.join(', ')}; ${ids} at a time`;
  }
  return pace.batch_delay_seconds === 0
    ? `${ids} at a time, as fast as they go`
    : `${ids} every ${formatDuration(pace.batch_delay_seconds)}`;
}

export function formatOrder({ order }: Queue): string {
  const between = 'HIGH before MEDIUM before LOW';
  const aged =
    order.priority_aging_seconds === null
      ? between
      : `${between}, one up after every ${formatDuration(order.priority_aging_seconds)} waited`;
  return `${aged}; within one, ${order.fair_share ? 'clients take turns' : 'first come, first served'}`;
}
