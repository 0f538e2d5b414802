import type { ReactElement } from 'react';
import { ApiError } from '../api/client.js';
import './error-message.css';

export function toMessage(error: unknown): string {
  if (error instanceof ApiError) {
    return error.message;
  }
  return error instanceof TypeError ? 'the service does not answer' : String(error);
}

/** Shows an error, if possible in the service's words, and a button to try again if `onRetry` is given. */
export function ErrorMessage({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}): ReactElement {
  return (
    <div className="problem" role="alert">
      <span>{toMessage(error)}</span>
      {onRetry !== undefined && (
        <button type="button" className="button small" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
