import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import type { IngestionSummary } from '../../api/types.js';
import { PageLink } from '../../lanes/page-link.js';
import { AgeAt } from '../../ui/age.js';
import { formatCount } from '../../ui/format.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import { useMedia } from '../../ui/hooks.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { StatusBadge } from '../../ui/status-badge.js';
import type { Choose } from './use-choice.js';
import './ingestion-table.css';

const ROW_PX = 45;
const CARD_PX = 118;
/** Rows above and below the screen: as far as the wheel goes in two or three turns. */
const OVERSCAN = 6;
/** So many rows are chosen at once at most: each is a request. For more there are acts on all that match. */
const MAX_CHOSEN_AT_ONCE = 1000;

export interface Columns {
  readonly lane: boolean;
  readonly client: boolean;
}

/** Range of the rows on the screen. */
export interface VisibleRows {
  readonly first: number;
  readonly last: number;
}

/**
 * Shows ingestions as a table of which only the rows near the screen exist in the document. `onVisible` is called with
 * the rows on the screen when they change.
 */
export function IngestionTable({
  rows,
  hasMore,
  columns,
  nowMs,
  chosen,
  choose,
  onVisible,
}: {
  readonly rows: readonly IngestionSummary[];
  readonly hasMore: boolean;
  readonly columns: Columns;
  readonly nowMs: number;
  /** Ids of the chosen rows. */
  readonly chosen: ReadonlySet<string>;
  readonly choose: Choose;
  readonly onVisible: (visible: VisibleRows) => void;
}): ReactElement {
  const isNarrow = useMedia('(width < 900px)');
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, []);
  const size = isNarrow ? CARD_PX : ROW_PX;
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => size,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [virtualizer, size]);
  const lastChosen = useRef(0);
  const latestRows = useRef(rows);
  useEffect(() => {
    latestRows.current = rows; // so that chooseRow, and with it the rows, stay the same
  }, [rows]);
  /** Chooses a row; with Shift also those between it and the last one. */
  const chooseRow = useCallback(
    (index: number, isChosen: boolean, isRange: boolean) => {
      const [from, to] = isRange ? [index, lastChosen.current].sort((a, b) => a - b) : [index, index];
      lastChosen.current = index;
      choose(
        latestRows.current.slice(from, (to ?? index) + 1).map(({ ingestion_id: id }) => id),
        isChosen,
      );
    },
    [choose],
  );
  const most = rows.slice(0, MAX_CHOSEN_AT_ONCE);
  const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.range ?? {};
  useEffect(() => {
    onVisible({ first, last });
  }, [first, last, rows.length, onVisible]);
  return (
    <div
      className="listing"
      role="table"
      aria-label="Ingestions"
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      data-lane={columns.lane ? '' : undefined}
      data-client={columns.client ? '' : undefined}
    >
      <div role="rowgroup" className="listing-head">
        <div role="row" aria-rowindex={1} className="listing-row">
          <span role="columnheader">
            <input
              type="checkbox"
              aria-label={`The first ${formatCount(most.length)}`}
              title={`The first ${formatCount(most.length)}`}
              checked={chosen.size >= most.length}
              onChange={({ target }) => {
                choose(
                  (target.checked ? most : rows).map(({ ingestion_id: id }) => id),
                  target.checked,
                );
              }}
            />
          </span>
          <span role="columnheader">Status</span>
          <span role="columnheader">Ingestion</span>
          {columns.lane && <span role="columnheader">Lane</span>}
          {columns.client && <span role="columnheader">Client</span>}
          <span role="columnheader">Labels</span>
          <span role="columnheader">Priority</span>
          <span role="columnheader">Progress</span>
          <span role="columnheader">Accepted</span>
        </div>
      </div>
      <div role="rowgroup" className="listing-body" ref={body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <Row
                key={key}
                row={row}
                index={index}
                start={start - top}
                height={size}
                columns={columns}
                nowMs={nowMs}
                isChosen={chosen.has(row.ingestion_id)}
                onChoose={chooseRow}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

const Row = memo(function Row({
  row,
  index,
  start,
  height,
  columns,
  nowMs,
  isChosen,
  onChoose,
}: {
  readonly row: IngestionSummary;
  readonly index: number;
  /** Distance from the first row in px. */
  readonly start: number;
  readonly height: number;
  readonly columns: Columns;
  readonly nowMs: number;
  readonly isChosen: boolean;
  readonly onChoose: (index: number, isChosen: boolean, isRange: boolean) => void;
}): ReactElement {
  const { ingestion_id: id, labels = {} } = row;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="listing-row"
      style={{ height, transform: `translateY(${String(start)}px)` }}
    >
      <span role="cell" className="listing-choice">
        <input
          type="checkbox"
          aria-label={`Choose ${id}`}
          checked={isChosen}
          onChange={({ target, nativeEvent }) => {
            onChoose(index, target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
          }}
        />
      </span>
      <span role="cell">
        <StatusBadge status={row.status} />
      </span>
      <span role="cell" className="listing-id">
        <IngestionTag id={id} link={false} />
        <PageLink className="mono" to={`/ingestions/${id}`} title={id}>
          {id}
        </PageLink>
      </span>
      {columns.lane && (
        <span role="cell" className="listing-lane" title={row.lane}>
          {row.lane}
        </span>
      )}
      {columns.client && (
        <span role="cell" className="listing-client" title={row.client ?? undefined}>
          {row.client ?? '–'}
        </span>
      )}
      <span role="cell" className="listing-labels">
        {Object.entries(labels).map(([name, value]) => (
          <span key={name} className="label" title={`${name}=${value}`}>
            {name}={value}
          </span>
        ))}
      </span>
      <span role="cell">
        <PriorityBadge priority={row.priority} />
      </span>
      <span role="cell" className="listing-progress">
        <ProgressBar progress={row.progress} label={`Progress of ${id}`} />
      </span>
      <span role="cell" className="listing-age">
        <AgeAt value={row.created_at} nowMs={nowMs} />
      </span>
    </div>
  );
});
