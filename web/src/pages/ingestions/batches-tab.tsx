import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, type ReactElement } from 'react';
import { batchesQuery, deadLettersQuery, resultsQuery } from '../../api/queries.js';
import type { Batch, Ingestion } from '../../api/types.js';
import { Loading } from '../../ui/loading.js';
import { IdChip } from '../../ui/badges.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { formatCount } from '../../ui/format.js';
import { cellsOfBatches, cellsOfProgress, MAX_CELLS } from './batch-grid-cells.js';
import { BatchGrid } from './batch-grid.js';
import { CellIds } from './cell-ids.js';

const MAX_SHOWN_IDS = 30;
/** No more failed ids are loaded for the grid when this many are. */
const MAX_FAILURES = 2000;

/**
 * Shows the batches of a list as a grid and the details of the chosen cell. A list with more batches than cells is
 * shown in equal parts.
 */
export function BatchesTab({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { data, error } = useQuery(
    batchesQuery(ingestion.ingestion_id, MAX_CELLS, ingestion.last_updated_at),
  );
  if (data === undefined || !('batches' in data)) {
    return error === null ? <Loading /> : <ErrorMessage error={error} />;
  }
  const { batches, next } = data;
  if (next !== null && next !== undefined) {
    return <LargeBatchGrid ingestion={ingestion} />;
  }
  return (
    <BatchGrid
      cells={cellsOfBatches(batches)}
      nameOf={(_, i) => `Batch ${formatCount(i + 1)}`}
      detailOf={(cell, i) => {
        const batch = batches[i];
        return batch === undefined ? null : (
          <BatchDetail key={i} batch={batch} no={i + 1} from={cell.from} ingestion={ingestion} />
        );
      }}
    />
  );
}

function BatchDetail({
  batch,
  no,
  from,
  ingestion,
}: {
  readonly batch: Batch;
  readonly no: number;
  /** Position of its first id. */
  readonly from: number;
  readonly ingestion: Ingestion;
}): ReactElement {
  const shown = Math.min(batch.ids.length, MAX_SHOWN_IDS);
  // without stored results the request fails; then no id is marked
  const { data } = useInfiniteQuery({
    ...resultsQuery(ingestion.ingestion_id, from, shown, ingestion.last_updated_at),
    enabled: batch.status === 'failed' || batch.status === 'triggered',
  });
  const results = data?.pages[0]?.results ?? [];
  return (
    <div className="batch">
      <div className="row">
        <strong>Batch {formatCount(no)}</strong>
        <StatusBadge status={batch.status} />
        <span className="mono muted ingestion-id">
          {batch.batch_id} <CopyButton text={batch.batch_id} what="The batch id" />
        </span>
      </div>
      <ul className="batch-ids">
        {batch.ids.slice(0, shown).map((id, at) => {
          const result = results[at];
          const isFailed = result?.id === id && result.status === 'failed';
          return (
            <li
              key={at}
              data-failed={isFailed ? '' : undefined}
              title={isFailed ? result.error?.message : undefined}
            >
              <IdChip id={id} priority={ingestion.priority} />
              {isFailed && (
                <span className="failed-sign">
                  <span aria-hidden="true">✕</span>
                  <span className="visually-hidden">failed</span>
                </span>
              )}
            </li>
          );
        })}
        {batch.ids.length > shown && (
          <li className="muted">+ {formatCount(batch.ids.length - shown)} more</li>
        )}
      </ul>
      {batch.error !== undefined && <p className="muted">{batch.error}</p>}
    </div>
  );
}

function LargeBatchGrid({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { progress, ingestion_id: id } = ingestion;
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    ...deadLettersQuery(id, progress.failed),
    enabled: progress.failed > 0,
  });
  const failed = data?.pages.flatMap((page) => page.dead_letters.map(({ position }) => position)) ?? [];
  const wantsMore = hasNextPage && !isFetching && failed.length < MAX_FAILURES;
  useEffect(() => {
    if (wantsMore) {
      void fetchNextPage();
    }
  }, [wantsMore, fetchNextPage]);
  const cells = cellsOfProgress(progress, failed);
  const unknown = failed.length < progress.failed ? progress.failed - failed.length : 0;
  return (
    <div className="stack">
      <p className="muted">
        Too long for a cell for each batch: each cell stands for {formatCount(cells[0]?.size ?? 0)} ids.
        {cells.some(({ status }) => status === 'mixed') &&
          ' A hatched one has been sent, at least in part, and it is not known which of its ids are how far: choose it to see.'}
        {unknown > 0 && ` ${formatCount(unknown)} more failed ids are not on the map.`}
      </p>
      <BatchGrid
        cells={cells}
        nameOf={({ from, size }) => `Ids ${formatCount(from + 1)} to ${formatCount(from + size)}`}
        detailOf={(cell) => <CellIds key={cell.from} ingestion={ingestion} cell={cell} />}
      />
    </div>
  );
}
