import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { unwrap, api } from '../../api/client.js';
import type { Forecast } from '../../api/types.js';
import { useLanes } from '../../lanes/lane.js';
import { describeUnknownEstimate, isUpstreamAway } from '../../lanes/lane-state.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import type { IdParser, SubmitTarget } from './id-parser.js';

const MAX_IDS = 20_000;
const REFRESH_INTERVAL_MS = 5000;

async function fetchEstimate(
  ids: readonly string[],
  submitTarget: SubmitTarget,
  signal: AbortSignal,
): Promise<Forecast> {
  const body = { ids: ids.map(BigInt), ...submitTarget };
  const answer = api.POST('/ingest', { params: { query: { dry_run: 'true' } }, body, signal });
  return await unwrap(answer); // the OpenAPI document describes this answer only in prose
}

/** Shows the ids ahead of the list and the time until it is sent, if it were submitted now. */
export function EtaPreview({
  reader: { ids, problemCount },
  way,
}: {
  readonly reader: IdParser;
  readonly way: SubmitTarget;
}): ReactElement | null {
  const lanes = useLanes();
  const isAsked = ids.length > 0 && problemCount === 0 && ids.length <= MAX_IDS;
  const { data } = useQuery({
    queryKey: ['forecast', isAsked ? ids : [], way],
    queryFn: ({ signal }) => fetchEstimate(ids, way, signal),
    enabled: isAsked,
    retry: false,
    refetchInterval: REFRESH_INTERVAL_MS,
  });
  const doneAt = data?.estimated_completion_at;
  if (!isAsked || doneAt === undefined) {
    return null;
  }
  const queue = lanes.find(([name]) => name === way.lane)?.[1];
  const isAway = queue !== undefined && isUpstreamAway(queue);
  const ahead = data?.ids_ahead ?? 0;
  return (
    <span className="muted">
      {ahead === 0 ? 'No ids ahead' : `${formatCount(ahead)} ${ahead === 1 ? 'id is' : 'ids are'} ahead`}
      {doneAt === null
        ? `; ${describeUnknownEstimate(data?.estimate_unknown ?? null)}`
        : isAway
          ? '; not known when all are sent: the upstream takes nothing now'
          : `; all sent in about ${formatDuration(Math.max(0, (Date.parse(doneAt) - Date.now()) / 1000))}`}
    </span>
  );
}
