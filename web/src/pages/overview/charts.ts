import type { History, HistoryPoint, Queue } from '../../api/types.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import type { ChartProps } from './chart.js';

type Picture = Omit<ChartProps, 'theme'>;

/** Returns the ids a second that batch size and delay allow; null if limits decide, or nothing does. */
export function idsPerSecond({ pace }: Pick<Queue, 'pace'>): number | null {
  const { batch_size: size, batch_delay_seconds: delay, limits } = pace;
  return delay > 0 && limits.length === 0 ? size / delay : null;
}

/** Returns the charts of the history. `allowed` is the allowed pace now, in ids a second; null if there is none. */
export function chartsOf(history: History, allowed: number | null): Picture[] {
  const points = history.points.slice(0, -1); // the values of the last point are not recorded yet
  const times = points.map(({ at }) => Date.parse(at) / 1000);
  const of = (value: (point: HistoryPoint) => number | null): (number | null)[] => points.map(value);
  const sum = (value: (point: HistoryPoint) => number): number =>
    points.reduce((total, point) => total + value(point), 0);
  const last = points.at(-1);
  const slowest = Math.max(0, ...points.map(({ latency_max_ms: ms }) => ms ?? 0));
  return [
    {
      title: 'Ids with an outcome',
      summary:
        `${formatCount(sum(({ completed }) => completed))} completed, ` +
        `${formatCount(sum(({ retried }) => retried))} to be retried, ` +
        `${formatCount(sum(({ failed }) => failed))} failed.`,
      times,
      format: formatCount,
      lines: [
        { label: 'completed', color: '--good', values: of(({ completed }) => completed), isFilled: true },
        { label: 'retried', color: '--warn', values: of(({ retried }) => retried), dash: [6, 4] },
        { label: 'failed', color: '--bad', values: of(({ failed }) => failed), dash: [2, 3] },
        ...(allowed === null
          ? []
          : [
              {
                label: 'allowed now',
                color: '--muted',
                values: of(() => Math.round(allowed * history.step_seconds)),
                dash: [1, 4],
              } as const,
            ]),
      ],
    },
    {
      title: 'Pending ids',
      summary:
        last === undefined
          ? 'Nothing yet.'
          : `At the end ${formatCount(last.waiting.high)} of HIGH, ${formatCount(last.waiting.medium)} of MEDIUM, ${formatCount(last.waiting.low)} of LOW, ${formatCount(last.waiting.retries)} retries.`,
      times,
      format: formatCount,
      lines: [
        { label: 'HIGH', color: '--high', values: of(({ waiting }) => waiting.high), isFilled: true },
        { label: 'MEDIUM', color: '--medium', values: of(({ waiting }) => waiting.medium), dash: [8, 3] },
        { label: 'LOW', color: '--low', values: of(({ waiting }) => waiting.low), dash: [3, 3] },
        { label: 'retries', color: '--warn', values: of(({ waiting }) => waiting.retries), dash: [1, 4] },
      ],
    },
    {
      title: 'Duration of upstream calls',
      summary: slowest === 0 ? 'No call.' : `The slowest took ${formatDuration(slowest / 1000)}.`,
      times,
      format: (ms) => (ms < 1000 ? `${String(Math.round(ms))} ms` : formatDuration(ms / 1000)),
      lines: [
        { label: 'mean', color: '--accent', values: of(({ latency_mean_ms: ms }) => ms), isFilled: true },
        { label: 'slowest', color: '--muted', values: of(({ latency_max_ms: ms }) => ms), dash: [4, 4] },
      ],
    },
  ];
}
