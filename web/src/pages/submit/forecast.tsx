import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { call } from '../../api/client.js';
import type { Forecast, Priority } from '../../api/types.js';
import { formatCount, formatDuration } from '../../ui/time.js';
import { toBody, type IdTextReader } from './id-text.js';

const MOST_IDS = 20_000;
const AGAIN_MS = 5000;

/** When it would be done, were it handed over now. */
export function ForecastText({
  reader: { ids, problemCount },
  priority,
}: {
  readonly reader: IdTextReader;
  readonly priority: Priority;
}): ReactElement | null {
  const isAsked = ids.length > 0 && problemCount === 0 && ids.length <= MOST_IDS;
  const body = isAsked ? toBody(ids, priority) : '';
  const { data } = useQuery({
    queryKey: ['forecast', body],
    queryFn: ({ signal }) =>
      call<Partial<Forecast>>('ingest', { method: 'POST', query: { dry_run: true }, body, signal }),
    enabled: isAsked,
    retry: false,
    refetchInterval: AGAIN_MS,
  });
  const doneAt = data?.estimated_completion_at;
  if (!isAsked || doneAt === undefined) {
    return null;
  }
  const ahead = data?.ids_ahead ?? 0;
  return (
    <span className="muted">
      {ahead === 0 ? 'Nothing is ahead' : `${formatCount(ahead)} ${ahead === 1 ? 'id is' : 'ids are'} ahead`}
      {doneAt === null
        ? '; the gate is paused'
        : `; all sent in about ${formatDuration(Math.max(0, (Date.parse(doneAt) - Date.now()) / 1000))}`}
    </span>
  );
}
