import { useState, type ReactElement } from 'react';
import type { GateQueue } from '../../api/types.js';
import type { GateState } from '../../live/gate-state.js';
import { useGate } from '../../live/live.js';
import { Legend } from './legend.js';
import { ListsPanel } from './lists-panel.js';
import { Strip, describePace } from './strip.js';
import { WaitingPanel } from './waiting-panel.js';
import './gate.css';

interface Frozen {
  readonly state: GateState;
  readonly atMs: number;
}

/** The gate itself: what goes through it, what went, what goes next. */
export function GatePage(): ReactElement {
  const now = useGate();
  const [frozen, setFrozen] = useState<Frozen | null>(null);
  const [back, setBack] = useState(0);
  const state = frozen?.state ?? now;
  const { queue } = state;
  if (queue === null) {
    return <Waiting connection={now.connection} />;
  }
  const freeze = (): void => {
    setFrozen((kept) => kept ?? { state: now, atMs: performance.now() });
  };
  const look = (slots: number): void => {
    freeze();
    setBack((kept) => Math.max(0, Math.min(kept + slots, state.dispatches.length)));
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
            <strong>{describePace(queue)}</strong>. HIGH before MEDIUM before LOW; within one, first come,
            first served.
          </p>
        </div>
        <div className="row">
          <button
            type="button"
            className="button small"
            onClick={() => {
              look(3);
            }}
          >
            ‹ Earlier
          </button>
          <button
            type="button"
            className="button small"
            disabled={back === 0}
            onClick={() => {
              look(-3);
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
      <Strip state={withQueue(state, queue)} frozenAtMs={frozen?.atMs ?? null} back={back} />
      <Legend />
      <div className="columns">
        <WaitingPanel queue={now.queue ?? queue} />
        <ListsPanel state={now} />
      </div>
    </div>
  );
}

function withQueue(state: GateState, queue: GateQueue): GateState & { readonly queue: GateQueue } {
  return { ...state, queue };
}

const NOTHING_TO_SHOW: Readonly<Record<GateState['connection'], string>> = {
  connecting: 'Looking …',
  live: 'Looking …',
  polling: 'Looking …',
  lost: 'The service does not answer. Trying again …',
  refused: 'This key may not see the gate as a whole, but its own ingestions.',
};

function Waiting({ connection }: { readonly connection: GateState['connection'] }): ReactElement {
  return (
    <section className="panel">
      <h1>The gate</h1>
      <p className="muted" role="status">
        {NOTHING_TO_SHOW[connection]}
      </p>
    </section>
  );
}
