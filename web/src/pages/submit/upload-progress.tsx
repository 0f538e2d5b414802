import type { ReactElement } from 'react';

/** Shows the progress of a long operation; `share` is from 0 to 1. */
export function UploadProgress({
  label,
  share,
}: {
  readonly label: string;
  readonly share: number;
}): ReactElement {
  const percent = Math.round(share * 100);
  return (
    <div>
      <div
        className="upload"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${String(percent)}%` }} />
      </div>
      <p className="muted">
        {label}: {percent}%
      </p>
    </div>
  );
}
