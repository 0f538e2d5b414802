import { useQuery } from '@tanstack/react-query';
import { ToggleGroup } from 'radix-ui';
import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { historyQuery } from '../../api/queries.js';
import { HISTORY_RANGES, type GateQueue, type HistoryRange } from '../../api/types.js';
import { isUpstreamAway } from '../../lanes/lane-state.js';
import { LaneStateLine } from '../../lanes/lane-state-line.js';
import { LaneSwitch } from '../../lanes/lane-switch.js';
import { useLane } from '../../lanes/lane.js';
import { PageLink } from '../../lanes/page-link.js';
import { useGate } from '../../live/gate-live-store.js';
import { RequireScope } from '../../shell/require-scope.js';
import { useShownTheme } from '../../shell/use-theme.js';
import { Loading } from '../../ui/loading.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import { PendingPanel } from '../gate/pending-panel.js';
import { Chart } from './chart.js';
import { chartsOf, idsPerSecond } from './charts.js';
import { computeMetrics } from './overview-metrics.js';
import '../../ui/definition-list.css';
import '../../ui/toggle.css';
import './overview.css';

const RANGE_NAMES: Readonly<Record<HistoryRange, string>> = {
  hour: 'The last hour',
  day: 'The last day',
  week: 'The last 7 days',
  month: 'The last 30 days',
};

/** Shows the metrics of the gate and charts of its history. */
export function OverviewPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Metrics">
      <Overview lane={useLane()} />
    </RequireScope>
  );
}

function Overview({ lane }: { readonly lane: string }): ReactElement {
  const { queue, dispatches, connection } = useGate();
  return (
    <div className="stack">
      <h1>Metrics</h1>
      <LaneSwitch />
      {queue !== null ? (
        <>
          <LaneStateLine queue={queue} />
          <Tiles queue={queue} dispatches={dispatches} />
        </>
      ) : connection === 'refused' ? (
        <p className="muted">There is no lane “{lane}”.</p>
      ) : (
        <Loading />
      )}
      <Charts lane={lane} queue={queue} />
    </div>
  );
}

function Tiles({
  queue,
  dispatches,
}: {
  readonly queue: GateQueue;
  readonly dispatches: ReturnType<typeof useGate>['dispatches'];
}): ReactElement {
  const now = computeMetrics(queue, dispatches);
  const allowed = now.allowedPerMinute;
  const share = allowed === null ? null : Math.min(1, now.perMinute / allowed);
  return (
    <div className="tiles">
      <PendingPanel queue={queue} />
      <Tile
        title="Pace"
        value={share === null ? formatCount(now.perMinute) : `${String(Math.round(share * 100))}%`}
        unit={share === null ? 'dispatches in the last minute' : 'of the slots of the last minute used'}
      >
        {share !== null && (
          <div
            className="meter"
            role="meter"
            aria-label="Slots used"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
          >
            <span style={{ width: `${String(share * 100)}%` }} />
          </div>
        )}
        {formatCount(now.perMinute)} of{' '}
        {allowed === null ? 'any number' : formatCount(Math.round(allowed * 10) / 10)} a minute
      </Tile>
      <Tile
        title="Oldest pending id"
        value={now.oldestSeconds === null ? '–' : formatDuration(now.oldestSeconds)}
        unit="among the ids to be sent next"
      >
        {queue.paused
          ? 'paused: nothing is sent'
          : queue.waiting.total + queue.retries_waiting === 0
            ? 'no pending ids'
            : queue.empty_in_seconds === null || isUpstreamAway(queue)
              ? 'not known when all are sent'
              : `all sent in ${formatDuration(queue.empty_in_seconds)}`}
      </Tile>
      <Tile
        title="Upstream"
        value={now.meanMs === null ? '–' : formatDuration(now.meanMs / 1000)}
        unit="a call, in the last minute"
      >
        {now.slowestMs === null ? 'no call ended' : `the slowest ${formatDuration(now.slowestMs / 1000)}`}
        {`; breaker ${queue.breaker.state}`}
        {queue.held_for_seconds > 0 && '; it asked to wait'}
      </Tile>
      <Tile
        title="Failures"
        value={formatCount(now.unsuccessful)}
        unit="attempts in the last minute"
        isBad={now.unsuccessful > 0}
      >
        <PageLink to="/dead-letters">Dead letters</PageLink>
      </Tile>
    </div>
  );
}

function Tile({
  title,
  value,
  unit,
  isBad = false,
  children,
}: {
  readonly title: string;
  readonly value: string;
  readonly unit: string;
  readonly isBad?: boolean;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <section className="panel tile" data-bad={isBad ? '' : undefined}>
      <h2>{title}</h2>
      <div className="big-number">{value}</div>
      <p className="muted">{unit}</p>
      <div className="tile-foot">{children}</div>
    </section>
  );
}

function Charts({ lane, queue }: { readonly lane: string; readonly queue: GateQueue | null }): ReactElement {
  const [range, setRange] = useState<HistoryRange>('hour');
  const { data, error, refetch } = useQuery(historyQuery(range, lane));
  const theme = useShownTheme();
  const allowed = queue === null ? null : idsPerSecond(queue);
  const charts = useMemo(() => (data === undefined ? null : chartsOf(data, allowed)), [data, allowed]);
  return (
    <>
      <div className="row spread">
        <div>
          <h2 className="section-title">{RANGE_NAMES[range]}</h2>
          <p className="muted chart-help">Drag over a chart to zoom in; double-click to see all.</p>
        </div>
        <ToggleGroup.Root
          type="single"
          className="toggle"
          value={range}
          aria-label="How far back"
          onValueChange={(value) => {
            const chosen = HISTORY_RANGES.find((each) => each === value);
            if (chosen !== undefined) {
              setRange(chosen);
            }
          }}
        >
          <ToggleGroup.Item value="hour">Hour</ToggleGroup.Item>
          <ToggleGroup.Item value="day">Day</ToggleGroup.Item>
          <ToggleGroup.Item value="week">7 days</ToggleGroup.Item>
          <ToggleGroup.Item value="month">30 days</ToggleGroup.Item>
        </ToggleGroup.Root>
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {charts !== null && (
        <div className="charts">
          {charts.map((chart) => (
            <Chart key={`${range} ${chart.title}`} {...chart} theme={theme} />
          ))}
        </div>
      )}
    </>
  );
}
