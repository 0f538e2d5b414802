import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { resultsQuery } from '../../api/queries.js';
import type { Ingestion } from '../../api/types.js';
import { IdChip } from '../../ui/badges.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { formatCount } from '../../ui/format.js';
import type { Cell } from './batch-grid-cells.js';

const MAX_SHOWN = 24;

/** Shows the first ids of a part of a long list, each with its status. */
export function CellIds({
  ingestion,
  cell,
}: {
  readonly ingestion: Ingestion;
  readonly cell: Cell;
}): ReactElement {
  const shown = Math.min(MAX_SHOWN, cell.size);
  const { data, error } = useInfiniteQuery(
    resultsQuery(ingestion.ingestion_id, cell.from, shown, ingestion.last_updated_at),
  );
  const ids = data?.pages[0]?.results.slice(0, shown) ?? [];
  return (
    <div className="batch">
      <strong>
        Ids {formatCount(cell.from + 1)} to {formatCount(cell.from + cell.size)}
      </strong>
      {error !== null && <ErrorMessage error={error} />}
      <ul className="ids-of-cell">
        {ids.map(({ id, status }, i) => (
          <li key={i}>
            <IdChip id={id} priority={ingestion.priority} />
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
      {cell.size > shown && <p className="muted">and {formatCount(cell.size - shown)} more in this part.</p>}
    </div>
  );
}
