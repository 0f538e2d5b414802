import { useState, type ReactElement, type ReactNode } from 'react';
import { STATUS_NAMES } from '../../ui/status-badge.js';
import type { Cell, CellStatus } from './batch-grid-cells.js';
import './batch-grid.css';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };
const NAMES: Readonly<Record<CellStatus, string>> = { ...STATUS_NAMES, mixed: 'sent, not all told apart' };

/** Shows a compact grid; a cell can be chosen by a click or the arrow keys, and its details are shown. */
export function BatchGrid({
  cells,
  nameOf,
  detailOf,
}: {
  readonly cells: readonly Cell[];
  readonly nameOf: (cell: Cell, i: number) => string;
  readonly detailOf: (cell: Cell, i: number) => ReactNode;
}): ReactElement {
  const [chosen, setChosen] = useState(0);
  const at = cells[chosen] === undefined ? 0 : chosen;
  const cell = cells[at];
  return (
    <div className="stack">
      <div className="map" role="group" aria-label="Batches">
        {cells.map((each, i) => {
          const name = `${nameOf(each, i)}, ${NAMES[each.status]}`;
          return (
            <button
              key={i}
              type="button"
              data-status={each.status}
              aria-pressed={i === at}
              aria-label={name}
              title={name}
              tabIndex={i === at ? 0 : -1}
              onClick={() => {
                setChosen(i);
              }}
              onKeyDown={(event) => {
                const step = STEPS[event.key];
                const next =
                  step === undefined ? undefined : event.currentTarget.parentElement?.children[i + step];
                if (next instanceof HTMLElement && step !== undefined) {
                  event.preventDefault();
                  next.focus();
                  setChosen(i + step);
                }
              }}
            />
          );
        })}
      </div>
      {cell !== undefined && detailOf(cell, at)}
    </div>
  );
}
