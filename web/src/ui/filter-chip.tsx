import type { ReactElement } from 'react';
import './filters.css';

/** Shows a value of a filter, which is removed by a click. */
export function FilterChip({
  text,
  name,
  onRemove,
}: {
  readonly text: string;
  /** The name of the value for a screen reader. */
  readonly name: string;
  readonly onRemove: () => void;
}): ReactElement {
  return (
    <button type="button" className="filter-chip" aria-label={`Remove the ${name}`} onClick={onRemove}>
      {text} <span aria-hidden="true">×</span>
    </button>
  );
}
