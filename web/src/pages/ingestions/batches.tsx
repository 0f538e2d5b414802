import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { batchesQuery, deadLettersQuery } from '../../api/queries.js';
import type { Ingestion } from '../../api/types.js';
import { useGate } from '../../live/live.js';
import { IdChip } from '../../ui/marks.js';
import { Problem } from '../../ui/problem.js';
import { STATUS_NAMES, StatusBadge } from '../../ui/status-badge.js';
import { formatCount } from '../../ui/time.js';
import { cellsOfBatches, cellsOfProgress, MOST_CELLS, type Cell } from './batch-map.js';

const SHOWN_BATCHES = 20;
const SHOWN_IDS = 30;

/** All batches as a map; those of one cell below it. */
export function Batches({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const batchSize = useGate().queue?.pace.batch_size ?? 3;
  const isShort = ingestion.progress.total <= batchSize * MOST_CELLS;
  return isShort ? (
    <ShortMap ingestion={ingestion} />
  ) : (
    <LongMap ingestion={ingestion} batchSize={batchSize} />
  );
}

function ShortMap({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { data, error } = useQuery(
    batchesQuery(ingestion.ingestion_id, 0, 2 * MOST_CELLS, ingestion.last_updated_at),
  );
  return (
    <>
      {error !== null && <Problem error={error} />}
      <Map ingestion={ingestion} cells={cellsOfBatches(data?.batches ?? [])} />
    </>
  );
}

function LongMap({
  ingestion,
  batchSize,
}: {
  readonly ingestion: Ingestion;
  readonly batchSize: number;
}): ReactElement {
  const { data } = useInfiniteQuery({
    ...deadLettersQuery(ingestion.ingestion_id),
    enabled: ingestion.progress.failed > 0,
  });
  const failed = data?.pages.flatMap((page) => page.dead_letters.map(({ position }) => position)) ?? [];
  return <Map ingestion={ingestion} cells={cellsOfProgress(ingestion, batchSize, failed)} />;
}

function Map({
  ingestion,
  cells,
}: {
  readonly ingestion: Ingestion;
  readonly cells: readonly Cell[];
}): ReactElement {
  const [chosen, setChosen] = useState(0);
  const cell = cells[chosen] ?? cells[0];
  return (
    <div className="stack">
      <div className="map" role="group" aria-label="Batches">
        {cells.map(({ from, size, status }, i) => (
          <button
            key={from}
            type="button"
            data-status={status}
            aria-pressed={i === chosen}
            aria-label={nameOf(from, size, STATUS_NAMES[status])}
            title={nameOf(from, size, STATUS_NAMES[status])}
            tabIndex={i === chosen ? 0 : -1}
            onClick={() => {
              setChosen(i);
            }}
            onKeyDown={(event) => {
              const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
              const next =
                step === undefined ? undefined : event.currentTarget.parentElement?.children[i + step];
              if (next instanceof HTMLElement && step !== undefined) {
                event.preventDefault();
                next.focus();
                setChosen(i + step);
              }
            }}
          />
        ))}
      </div>
      {cell !== undefined && <Chosen ingestion={ingestion} cell={cell} />}
    </div>
  );
}

function nameOf(from: number, size: number, status: string): string {
  return size === 1
    ? `Batch ${formatCount(from + 1)}, ${status}`
    : `Batches ${formatCount(from + 1)} to ${formatCount(from + size)}, ${status}`;
}

function Chosen({ ingestion, cell }: { readonly ingestion: Ingestion; readonly cell: Cell }): ReactElement {
  const limit = Math.min(cell.size, SHOWN_BATCHES);
  const { data, error } = useQuery(
    batchesQuery(ingestion.ingestion_id, cell.from, limit, ingestion.last_updated_at),
  );
  return (
    <div>
      {error !== null && <Problem error={error} />}
      {data?.batches?.slice(0, limit).map((batch, i) => (
        <div key={batch.batch_id} className="batch">
          <div className="row">
            <strong>Batch {formatCount(cell.from + i + 1)}</strong>
            <StatusBadge status={batch.status} />
            <span className="mono muted ingestion-id">{batch.batch_id}</span>
          </div>
          <div className="batch-ids">
            {batch.ids.slice(0, SHOWN_IDS).map((id, at) => (
              <IdChip key={at} id={id} priority={ingestion.priority} />
            ))}
            {batch.ids.length > SHOWN_IDS && (
              <span className="muted">+ {formatCount(batch.ids.length - SHOWN_IDS)} more</span>
            )}
          </div>
          {batch.error !== undefined && <p className="muted">{batch.error}</p>}
        </div>
      ))}
      {cell.size > limit && (
        <p className="muted">… and {formatCount(cell.size - limit)} more batches in this part.</p>
      )}
    </div>
  );
}
