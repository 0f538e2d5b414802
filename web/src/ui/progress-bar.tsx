import type { ReactElement } from 'react';
import type { Progress } from '../api/types.js';
import { formatCount } from './format.js';
import './progress-bar.css';

/** Shows the shares of a list's ids that are completed, failed, cancelled and in flight. */
export function ProgressBar({
  progress,
  label,
}: {
  readonly progress: Progress;
  readonly label: string;
}): ReactElement {
  const { total, completed, failed, in_flight: inFlight, cancelled, percent } = progress;
  const share = (count: number): string => `${String((count / total) * 100)}%`;
  const words = `${formatCount(completed)} of ${formatCount(total)} completed${
    failed > 0 ? `, ${formatCount(failed)} failed` : ''
  }`;
  return (
    <span className="progress">
      <span
        className="track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
        title={words}
      >
        <span data-part="completed" style={{ width: share(completed) }} />
        <span data-part="failed" style={{ width: share(failed) }} />
        <span data-part="cancelled" style={{ width: share(cancelled) }} />
        <span data-part="in_flight" style={{ width: share(inFlight) }} />
      </span>
      <span className="mono numbers">
        {formatCount(completed + failed + cancelled)}/{formatCount(total)}
      </span>
    </span>
  );
}
