import { useNavigate } from '@tanstack/react-router';
import { ToggleGroup } from 'radix-ui';
import type { ReactElement } from 'react';
import type { LaneState, Queue } from '../api/types.js';
import { formatCount } from '../ui/format.js';
import '../ui/toggle.css';
import { describeLaneState, healthOf } from './lane-state.js';
import { useChosenLane, useLanes, DEFAULT_LANE } from './lane.js';
import './lane-switch.css';

const STOP_WORDS: Readonly<Partial<Record<LaneState, string>>> = {
  paused: 'paused',
  held: 'held',
  quiet_hours: 'quiet hours',
  limited: 'limit used up',
  filling: 'filling a dispatch',
  breaker_open: 'breaker open',
  breaker_probing: 'breaker open',
};

/** Switches between lanes; null if there are fewer than two. The choice is part of the URL. */
export function LaneSwitch(): ReactElement | null {
  const navigate = useNavigate();
  const lanes = useLanes();
  const chosen = useChosenLane();
  if (lanes.length < 2) {
    return null;
  }
  return (
    <ToggleGroup.Root
      type="single"
      className="toggle lane-switch"
      aria-label="Lane"
      value={chosen ?? DEFAULT_LANE}
      onValueChange={(lane) => {
        // the group reports an empty value when the chosen lane is clicked again; the choice stays
        if (lane !== '') {
          void navigate({ to: '.', search: { lane } });
        }
      }}
    >
      <span className="lane-word" aria-hidden="true">
        Lane
      </span>
      {lanes.map(([lane, queue]) => (
        <ToggleGroup.Item
          key={lane}
          value={lane}
          title={queue && (describeLaneState(queue) ?? `${pendingIn(queue)} ids pending`)}
          data-health={queue && healthOf(queue)}
        >
          {lane}
          {queue && <span className="lane-count"> {STOP_WORDS[queue.state] ?? pendingIn(queue)}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

function pendingIn({ waiting, retries_waiting: retries }: Queue): string {
  return formatCount(waiting.total + retries);
}
