import { useQuery } from '@tanstack/react-query';
import { ToggleGroup } from 'radix-ui';
import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { historyQuery } from '../../api/queries.js';
import type { GateQueue } from '../../api/types.js';
import { useGate } from '../../live/live.js';
import { useShownTheme } from '../../shell/use-theme.js';
import { Problem } from '../../ui/problem.js';
import { formatCount, formatDuration } from '../../ui/time.js';
import { WaitingPanel } from '../gate/waiting-panel.js';
import { Chart } from './chart.js';
import { chartsOf } from './charts.js';
import { measure } from './measures.js';
import '../gate/gate.css';
import './now.css';

/** How the gate does, in numbers. */
export function NowPage(): ReactElement {
  const { queue, dispatches } = useGate();
  return (
    <div className="stack">
      <h1>Now</h1>
      {queue === null ? <p className="muted">Looking …</p> : <Tiles queue={queue} dispatches={dispatches} />}
      <Charts />
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
  const now = measure(queue, dispatches);
  const allowed = now.allowedPerMinute;
  const share = allowed === null ? null : Math.min(1, now.perMinute / allowed);
  return (
    <div className="tiles">
      <WaitingPanel queue={queue} />
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
        title="Oldest waiting"
        value={now.oldestSeconds === null ? '–' : formatDuration(now.oldestSeconds)}
        unit="among those that go next"
      >
        {queue.empty_in_seconds === null
          ? 'paused: nothing goes out'
          : queue.waiting.total + queue.retries_waiting === 0
            ? 'nothing waits'
            : `all sent in ${formatDuration(queue.empty_in_seconds)}`}
      </Tile>
      <Tile
        title="Upstream"
        value={now.meanMs === null ? '–' : formatDuration(now.meanMs / 1000)}
        unit="a call, in the last minute"
      >
        {now.slowestMs === null ? 'no call ended' : `the slowest ${formatDuration(now.slowestMs / 1000)}`}
        {queue.breaker !== undefined && `; breaker ${queue.breaker.state}`}
        {(queue.held_for_seconds ?? 0) > 0 && '; it asked to wait'}
      </Tile>
      <Tile
        title="Failures"
        value={formatCount(now.unsuccessful)}
        unit="attempts in the last minute"
        isBad={now.unsuccessful > 0}
      >
        <a href="#/dead-letters">Dead letters</a>
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
      <p className="big-number">{value}</p>
      <p className="muted">{unit}</p>
      <div className="tile-foot">{children}</div>
    </section>
  );
}

function Charts(): ReactElement {
  const [range, setRange] = useState<'hour' | 'day'>('hour');
  const { data, error, refetch } = useQuery(historyQuery(range));
  const theme = useShownTheme();
  const charts = useMemo(() => (data === undefined ? null : chartsOf(data)), [data]);
  return (
    <>
      <div className="row spread">
        <h2 className="section-title">The last {range}</h2>
        <ToggleGroup.Root
          type="single"
          className="toggle"
          value={range}
          aria-label="How far back"
          onValueChange={(value) => {
            if (value === 'hour' || value === 'day') {
              setRange(value);
            }
          }}
        >
          <ToggleGroup.Item value="hour">Hour</ToggleGroup.Item>
          <ToggleGroup.Item value="day">Day</ToggleGroup.Item>
        </ToggleGroup.Root>
      </div>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {charts !== null && (
        <div className="charts">
          {charts.map((chart) => (
            <Chart key={chart.title} {...chart} theme={theme} />
          ))}
        </div>
      )}
    </>
  );
}
