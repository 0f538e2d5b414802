import type { ReactElement } from 'react';
import type { Progress } from '../api/types.js';
import { formatCount } from './format.js';
import './progress-bar.css';

const PARTS = ['completed', 'failed', 'cancelled', 'in_flight'] as const;

/** Shows the shares of a list's ids that are completed, failed, cancelled and in flight. */
export function ProgressBar({
  progress,
  label,
}: {
  readonly progress: Progress;
  readonly label: string;
}): ReactElement {
  const { total, completed, failed, cancelled, percent } = progress;
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
        {PARTS.map((part) =>
          progress[part] === 0 ? null : (
            <span key={part} data-part={part} style={{ width: share(progress[part]) }} />
          ),
        )}
      </span>
      <span className="mono numbers">
        {formatCount(completed + failed + cancelled)}/{formatCount(total)}
      </span>
    </span>
  );
}
