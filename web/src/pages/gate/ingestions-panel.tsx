import { useQueries } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { statusQuery } from '../../api/queries.js';
import { PageLink } from '../../lanes/page-link.js';
import type { GateState } from '../../live/gate-state.js';
import { useTrouble } from '../../live/reachability.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import './ingestions-panel.css';

const MAX_INGESTIONS = 6;
const NEWEST_DISPATCHES = 6;

/** Shows the ingestions in view and the progress of each. */
export function IngestionsPanel({ state }: { readonly state: GateState }): ReactElement {
  const isKnown = useTrouble() === null;
  const ids = ingestionsInView(state);
  const results = useQueries({ queries: ids.map((id) => ({ ...statusQuery(id), refetchInterval: 2000 })) });
  return (
    <section className="panel" aria-labelledby="lists-title">
      <h2 id="lists-title">Ingestions in view</h2>
      {ids.length === 0 ? (
        <p className="muted">
          {isKnown ? 'None. ' : 'Not known. '}
          <PageLink to="/submit">Submit a list</PageLink>
        </p>
      ) : (
        <ul className="lists">
          {ids.map((id, i) => {
            const data = results[i]?.data;
            return (
              <li key={id}>
                <IngestionTag id={id} />
                {data === undefined ? (
                  <span className="muted">…</span>
                ) : (
                  <>
                    <PriorityBadge priority={data.priority} />
                    <ProgressBar progress={data.progress} label={`Progress of ${id}`} />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

/**
 * Returns the ids of the lists in view, sorted; lists at the head of the queue take precedence over lists sent last.
 */
function ingestionsInView({ queue, dispatches }: GateState): string[] {
  const waiting = queue?.next.map((run) => run.ingestion_id) ?? [];
  const sent = dispatches
    .slice(0, NEWEST_DISPATCHES)
    .flatMap(({ parts }) => parts.map((part) => part.ingestion_id));
  return [...new Set([...waiting, ...sent])].slice(0, MAX_INGESTIONS).sort();
}
