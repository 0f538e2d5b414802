import { useMemo, useState, type ReactElement } from 'react';
import type { Dispatch } from '../../api/types.js';
import { LaneSwitch } from '../../lanes/lane-switch.js';
import { LaneStateLine } from '../../lanes/lane-state-line.js';
import { useLane } from '../../lanes/lane.js';
import type { GateState } from '../../live/gate-state.js';
import { useGate } from '../../live/gate-live-store.js';
import { useTrouble } from '../../live/reachability.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Loading } from '../../ui/loading.js';
import { useDispatchHistory } from './use-dispatch-history.js';
import { Legend } from './legend.js';
import { IngestionsPanel } from './ingestions-panel.js';
import { Timeline, formatOrder, formatPace } from './timeline.js';
import { layOutHistory, lengthOf, slotMs } from './timeline-layout.js';
import { PendingPanel } from './pending-panel.js';
import './gate-page.css';

/** Slots per step when looking back: about as many as are visible. */
const STEP = 4;

/** Shows the gate: sent and planned dispatches, pending ids and the lists in view. */
export function GatePage(): ReactElement {
  const lane = useLane();
  return (
    <RequireScope scope="observe" title="The gate">
      <Gate key={lane} lane={lane} />
    </RequireScope>
  );
}

interface Frozen {
  readonly state: GateState;
  readonly atMs: number;
}

function Gate({ lane }: { readonly lane: string }): ReactElement {
  const now = useGate();
  const [frozen, setFrozen] = useState<Frozen | null>(null);
  const trouble = useTrouble();
  const [slotsBack, setBack] = useState(0);
  const state = frozen?.state ?? now;
  const { queue } = state;
  const slot = queue === null ? 1 : slotMs(queue);
  const slotsOf = (dispatches: readonly Dispatch[]): number =>
    lengthOf(layOutHistory(dispatches, slot, state.changes));
  const dispatches = useDispatchHistory(state.dispatches, {
    lane,
    sinceMs: frozen?.atMs ?? null,
    slotsBack,
    slotsOf: slotsOf,
  });
  const items = useMemo(
    () => layOutHistory(dispatches, slot, state.changes),
    [dispatches, slot, state.changes],
  );
  if (queue === null) {
    return <Waiting connection={now.connection} lane={lane} />;
  }
  const freeze = (): void => {
    setFrozen((kept) => kept ?? { state: now, atMs: performance.now() });
  };
  const look = (slots: number): void => {
    freeze();
    setBack((kept) => Math.max(0, Math.min(kept + slots, Math.floor(lengthOf(items)))));
  };
  const goLive = (): void => {
    setFrozen(null);
    setBack(0);
  };
  return (
    <div className="gate-page">
      <div className="gate-head">
        <div>
          <h1>The gate</h1>
          <p className="rule">
            <strong>{formatPace(queue)}</strong>. {formatOrder(queue)}.
          </p>
          <LaneStateLine queue={queue} />
        </div>
        <div className="row">
          <button
            type="button"
            className="button small"
            disabled={slotsBack >= Math.floor(lengthOf(items))}
            onClick={() => {
              look(STEP);
            }}
          >
            ‹ Earlier
          </button>
          <button
            type="button"
            className="button small"
            disabled={slotsBack === 0}
            onClick={() => {
              look(-STEP);
            }}
          >
            Later ›
          </button>
          {frozen === null ? (
            <button type="button" className="button small" onClick={freeze}>
              ❚❚ Freeze
            </button>
          ) : (
            <button type="button" className="button small primary" onClick={goLive}>
              ▶ Live
            </button>
          )}
        </div>
      </div>
      <LaneSwitch />
      <Timeline
        state={{ ...state, queue }}
        items={items}
        frozenAtMs={frozen?.atMs ?? trouble?.sincePageMs ?? null}
        back={slotsBack}
      />
      <Legend />
      <div className="columns">
        <PendingPanel queue={now.queue ?? queue} />
        <IngestionsPanel state={now} />
      </div>
    </div>
  );
}

function Waiting({
  connection,
  lane,
}: {
  readonly connection: GateState['connection'];
  readonly lane: string;
}): ReactElement {
  return (
    <section className="panel stack">
      <h1>The gate</h1>
      {connection === 'refused' ? (
        <p className="muted" role="status">
          The gate of lane “{lane}” cannot be watched: there is no such lane.
        </p>
      ) : (
        <Loading />
      )}
      <LaneSwitch />
    </section>
  );
}
