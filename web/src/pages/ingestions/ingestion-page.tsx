import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Tabs } from 'radix-ui';
import { useEffect, type ReactElement } from 'react';
import { ApiError } from '../../api/client.js';
import { statusQuery } from '../../api/queries.js';
import { PageLink } from '../../lanes/page-link.js';
import { RequireScope } from '../../shell/require-scope.js';
import { IngestionTag, shortId } from '../../ui/badges.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { Loading } from '../../ui/loading.js';
import { BatchesTab } from './batches-tab.js';
import { ErrorsTab } from './errors-tab.js';
import { IngestionActions } from './ingestion-actions.js';
import { parseIngestionPageSearch, TABS } from './ingestion-search.js';
import { IngestionSummary } from './ingestion-summary.js';
import { isTerminal } from './is-terminal.js';
import { ResultsTab } from './results-tab.js';
import { TimelineTab } from './timeline-tab.js';
import { WaitingReason } from './waiting-reason.js';
import { WebhooksTab } from './webhooks-tab.js';
import '../../ui/table.css';
import './ingestions.css';

const LIVE_MS = 1000;

/** Shows one list: its progress, why it waits, and its batches, timeline, results, errors and webhooks. */
export function IngestionPage(): ReactElement {
  return (
    <RequireScope scope="read" title="Ingestion">
      <OneIngestion />
    </RequireScope>
  );
}

function OneIngestion(): ReactElement {
  const { id } = useParams({ from: '/ingestions/$id' });
  const { data, error, refetch } = useQuery({
    ...statusQuery(id),
    refetchInterval: ({ state }) =>
      state.data === undefined || isTerminal(state.data) ? 5 * LIVE_MS : LIVE_MS,
  });
  useTitle(`${shortId(id)} · Ingestion · Sluice`);
  const { tab = 'batches', outcome } = parseIngestionPageSearch(useSearch({ from: '/ingestions/$id' }));
  const navigate = useNavigate({ from: '/ingestions/$id' });
  if (error instanceof ApiError && error.status === 404) {
    return (
      <section className="panel">
        <h1>Ingestion not found</h1>
        <p className="muted">
          No ingestion has the id <span className="mono">{id}</span>. Finished ones are deleted after the time
          that retention keeps them. <PageLink to="/ingestions">All ingestions</PageLink>
        </p>
      </section>
    );
  }
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} onRetry={() => void refetch()} />;
  }
  const failed = data.progress.failed === 0 ? '' : ` (${formatCount(data.progress.failed)})`;
  return (
    <div className="stack">
      <div className="row spread">
        <h1>
          Ingestion <IngestionTag id={id} link={false} />
        </h1>
        <IngestionActions ingestion={data} />
      </div>
      {error !== null && <ErrorMessage error={error} />}
      <IngestionSummary ingestion={data} />
      {!isTerminal(data) && <WaitingReason ingestion={data} />}
      <Tabs.Root
        className="panel tabs"
        value={tab}
        onValueChange={(chosen) => {
          void navigate({
            search: (old) => ({ ...old, tab: TABS.find((each) => each === chosen) }),
            replace: true,
          });
        }}
      >
        <Tabs.List aria-label="Details">
          <Tabs.Trigger value="batches">Batches</Tabs.Trigger>
          <Tabs.Trigger value="timeline">Timeline</Tabs.Trigger>
          <Tabs.Trigger value="results">Results</Tabs.Trigger>
          <Tabs.Trigger value="errors">Errors{failed}</Tabs.Trigger>
          <Tabs.Trigger value="webhooks">Webhooks</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="batches">
          <BatchesTab ingestion={data} />
        </Tabs.Content>
        <Tabs.Content value="timeline">
          <TimelineTab ingestion={data} />
        </Tabs.Content>
        <Tabs.Content value="results">
          <ResultsTab ingestion={data} outcome={outcome} />
        </Tabs.Content>
        <Tabs.Content value="errors">
          <ErrorsTab id={id} count={data.progress.failed} />
        </Tabs.Content>
        <Tabs.Content value="webhooks">
          <WebhooksTab ingestion={data} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}

/** Names the browser's tab; the shell names it when another page is opened. */
function useTitle(title: string): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      document.title = title; // after the shell, whose effect runs behind those of its page
    });
    return () => {
      clearTimeout(timer);
    };
  }, [title]);
}
